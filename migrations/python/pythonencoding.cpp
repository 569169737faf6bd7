// SPDX-License-Identifier: MIT
#include "migrations/python/pythonencoding.h"

#include <array>
#include <string>

namespace stepwell {

namespace {

using namespace std::string_view_literals;
using Fault = PythonEncodingFault;

// Every name of a text encoding that Python 3.13 knows, as encodings.normalize_encoding() writes it.
constexpr std::string_view utf8Names = " cp65001 u8 utf utf8 utf8_ucs2 utf8_ucs4 utf_8 utf_8_sig ";
constexpr std::string_view asciiNames =
    " 646 ansi_x3.4_1968 ansi_x3.4_1986 ansi_x3_4_1968 ascii cp367 csascii "
    "ibm367 iso646_us iso_646.irv_1991 iso_ir_6 us us_ascii ";
constexpr std::string_view latin1Names = " 8859 cp819 csisolatin1 ibm819 iso8859 iso8859_1 iso_8859_1 "
                                         "iso_8859_1_1987 iso_ir_100 l1 latin latin1 latin_1 ";
constexpr std::string_view latin9Names = " iso8859_15 iso_8859_15 l9 latin9 ";
constexpr std::string_view windows1252Names = " 1252 cp1252 windows_1252 ";
/// Those that agree with ASCII on its 128 characters.
constexpr std::string_view asciiBasedNames =
    " 1125 1250 1251 1253 1254 1255 1256 1257 1258 437 775 850 852 855 857 858 860 861 862 863 865 "
    "866 869 932 936 949 950 arabic asmo_708 big5 big5_hkscs big5_tw big5hkscs charmap chinese "
    "cp1006 cp1051 cp1125 cp1250 cp1251 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp1361 cp154 cp437 "
    "cp720 cp737 cp775 cp850 cp852 cp855 cp856 cp857 cp858 cp860 cp861 cp862 cp863 cp865 cp866 "
    "cp866u cp869 cp874 cp932 cp936 cp949 cp950 cp_gr cp_is csbig5 csibm855 csibm857 csibm858 "
    "csibm860 csibm861 csibm863 csibm865 csibm866 csibm869 csiso58gb231280 csisolatin2 csisolatin3 "
    "csisolatin4 csisolatin5 csisolatin6 csisolatinarabic csisolatincyrillic csisolatingreek "
    "csisolatinhebrew cskoi8r cspc775baltic cspc850multilingual cspc862latinhebrew cspc8codepage437 "
    "cspcp852 csptcp154 csshiftjis cyrillic cyrillic_asian ecma_114 ecma_118 elot_928 euc_cn "
    "euc_jis2004 euc_jis_2004 euc_jisx0213 euc_jp euc_kr euccn eucgb2312_cn eucjis2004 eucjisx0213 "
    "eucjp euckr gb18030 gb18030_2000 gb2312 gb2312_1980 gb2312_80 gbk greek greek8 hebrew hkscs "
    "hp_roman8 ibm1051 ibm1125 ibm437 ibm775 ibm850 ibm852 ibm855 ibm857 ibm858 ibm860 ibm861 ibm862 "
    "ibm863 ibm865 ibm866 ibm869 iso8859_10 iso8859_11 iso8859_13 iso8859_14 iso8859_16 iso8859_2 "
    "iso8859_3 iso8859_4 iso8859_5 iso8859_6 iso8859_7 iso8859_8 iso8859_9 iso_8859_10 "
    "iso_8859_10_1992 iso_8859_11 iso_8859_11_2001 iso_8859_13 iso_8859_14 iso_8859_14_1998 "
    "iso_8859_16 iso_8859_16_2001 iso_8859_2 iso_8859_2_1987 iso_8859_3 iso_8859_3_1988 iso_8859_4 "
    "iso_8859_4_1988 iso_8859_5 iso_8859_5_1988 iso_8859_6 iso_8859_6_1987 iso_8859_7 "
    "iso_8859_7_1987 iso_8859_8 iso_8859_8_1988 iso_8859_9 iso_8859_9_1989 iso_celtic iso_ir_101 "
    "iso_ir_109 iso_ir_110 iso_ir_126 iso_ir_127 iso_ir_138 iso_ir_144 iso_ir_148 iso_ir_157 "
    "iso_ir_166 iso_ir_199 iso_ir_226 iso_ir_58 jisx0213 johab koi8_r koi8_t koi8_u korean ks_c_5601 "
    "ks_c_5601_1987 ks_x_1001 ksc5601 ksx1001 kz1048 kz_1048 l10 l2 l3 l4 l5 l6 l7 l8 latin10 latin2 "
    "latin3 latin4 latin5 latin6 latin7 latin8 mac_arabic mac_centeuro mac_croatian mac_cyrillic "
    "mac_farsi mac_greek mac_iceland mac_latin2 mac_roman mac_romanian mac_turkish maccentraleurope "
    "maccyrillic macgreek maciceland macintosh maclatin2 macroman macturkish ms1361 ms932 ms936 "
    "ms949 ms950 ms_kanji mskanji palmos pt154 ptcp154 r8 rk1048 roman8 ruscii s_jis shift_jis "
    "shiftjis sjis strk1048_2002 thai tis620 tis_620 tis_620_0 tis_620_2529_0 tis_620_2529_1 u_jis "
    "uhc ujis windows_1250 windows_1251 windows_1253 windows_1254 windows_1255 windows_1256 "
    "windows_1257 windows_1258 windows_31j x_mac_japanese x_mac_korean x_mac_simp_chinese "
    "x_mac_trad_chinese ";
constexpr std::string_view otherNames =
    " 037 1026 1140 273 424 500 864 cp037 cp1026 cp1140 cp273 cp424 cp500 cp864 cp875 csibm037 "
    "csibm1026 csibm273 csibm424 csibm500 csibm864 csiso2022jp csiso2022kr ebcdic_cp_be ebcdic_cp_ca "
    "ebcdic_cp_ch ebcdic_cp_he ebcdic_cp_nl ebcdic_cp_us ebcdic_cp_wt hz hz_gb hz_gb_2312 hzgb "
    "ibm037 ibm039 ibm1026 ibm1140 ibm273 ibm424 ibm500 ibm864 idna iso2022_jp iso2022_jp_1 "
    "iso2022_jp_2 iso2022_jp_2004 iso2022_jp_3 iso2022_jp_ext iso2022_kr iso2022jp iso2022jp_1 "
    "iso2022jp_2 iso2022jp_2004 iso2022jp_3 iso2022jp_ext iso2022kr iso_2022_jp iso_2022_jp_1 "
    "iso_2022_jp_2 iso_2022_jp_2004 iso_2022_jp_3 iso_2022_jp_ext iso_2022_kr punycode "
    "raw_unicode_escape s_jis_2004 s_jisx0213 shift_jis_2004 shift_jisx0213 shiftjis2004 "
    "shiftjisx0213 sjis_2004 sjisx0213 u16 u32 u7 unicode_1_1_utf_7 unicode_escape "
    "unicodebigunmarked unicodelittleunmarked utf16 utf32 utf7 utf_16 utf_16_be utf_16_le utf_16be "
    "utf_16le utf_32 utf_32_be utf_32_le utf_32be utf_32le utf_7 ";

/// The bytes 0x80 to 0x9f of Windows-1252; 0 is none.
constexpr std::array<char16_t, 32> windows1252{
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178};

bool isIn(std::string_view names, std::string_view name)
{
    return !name.empty() && names.contains(' ' + std::string(name) + ' ');
}

bool isWordByte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// Lower case; every run of other characters than letters, digits and dots becomes one `_`.
std::string normalized(QByteArrayView name)
{
    std::string result;
    bool gap = false;
    for (const char c : name) {
        if (!isWordByte(c) && c != '.') {
            gap = true;
            continue;
        }
        if (std::exchange(gap, false) && !result.empty())
            result += '_';
        result += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
    return result;
}

/// What the tokenizer of Python makes of the names it knows itself.
std::string ownName(QByteArrayView name)
{
    std::string head;
    for (const char c : name.first(std::min<qsizetype>(name.size(), 12)))
        head += c == '_' ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    const auto is = [&](std::string_view known) {
        return head == known || (head.starts_with(known) && head[known.size()] == '-');
    };
    if (is("utf-8"))
        return "utf-8";
    return is("latin-1") || is("iso-8859-1") || is("iso-latin-1") ? "iso-8859-1" : std::string();
}

/// The encoding that a comment line names. endsSearch: what follows is no place for one any more.
QByteArrayView encodingOf(QByteArrayView line, bool &endsSearch)
{
    qsizetype at = 0;
    while (at < line.size() && (line.at(at) == ' ' || line.at(at) == '\t' || line.at(at) == '\f'))
        ++at;
    endsSearch = at < line.size() && line.at(at) != '#';
    if (endsSearch)
        return {};
    for (auto found = line.indexOf("coding", at); found >= 0; found = line.indexOf("coding", found + 1)) {
        auto from = found + 6;
        if (from >= line.size() || (line.at(from) != ':' && line.at(from) != '='))
            continue;
        do {
            ++from;
        } while (from < line.size() && (line.at(from) == ' ' || line.at(from) == '\t'));
        auto to = from;
        while (to < line.size() && (isWordByte(line.at(to)) || "-_."sv.contains(line.at(to))))
            ++to;
        if (to > from)
            return line.sliced(from, to - from);
    }
    return {};
}

PythonDecoding encodingComment(QByteArrayView source)
{
    bool endsSearch = false;
    for (int line = 1; line <= 2 && !endsSearch && !source.isEmpty(); ++line) {
        qsizetype end = 0;
        while (end < source.size() && source.at(end) != '\n' && source.at(end) != '\r')
            ++end;
        if (const QByteArrayView name = encodingOf(source.first(end), endsSearch); !name.isEmpty())
            return {Fault::None, name, line};
        const bool pair = end + 1 < source.size() && source.at(end) == '\r' && source.at(end + 1) == '\n';
        source = source.sliced(std::min(source.size(), end + (pair ? 2 : 1)));
    }
    return {};
}

bool isAscii(QByteArrayView source)
{
    unsigned char all = 0;
    for (const char c : source)
        all |= static_cast<unsigned char>(c);
    return all < 0x80;
}

/// The line of the first byte that `isWrong` finds.
template<typename Wrong>
int lineOfFirst(QByteArrayView source, Wrong isWrong)
{
    int line = 1;
    for (qsizetype at = 0; at < source.size() && !isWrong(source.at(at)); ++at)
        line += source.at(at) == '\n' ||
                (source.at(at) == '\r' && (at + 1 == source.size() || source.at(at + 1) != '\n'));
    return line;
}

void append(std::vector<char> &text, char16_t code)
{
    if (code < 0x80) {
        text.push_back(static_cast<char>(code));
    } else if (code < 0x800) {
        text.push_back(static_cast<char>(0xc0 | code >> 6));
        text.push_back(static_cast<char>(0x80 | (code & 0x3f)));
    } else {
        text.push_back(static_cast<char>(0xe0 | code >> 12));
        text.push_back(static_cast<char>(0x80 | (code >> 6 & 0x3f)));
        text.push_back(static_cast<char>(0x80 | (code & 0x3f)));
    }
}

/// 0 for a byte that the encoding does not have.
char16_t windows1252Code(unsigned char byte)
{
    return byte >= 0x80 && byte < 0xa0 ? windows1252[byte - 0x80] : byte;
}

char16_t latin9Code(unsigned char byte)
{
    switch (byte) {
    case 0xa4:
        return 0x20ac;
    case 0xa6:
        return 0x0160;
    case 0xa8:
        return 0x0161;
    case 0xb4:
        return 0x017d;
    case 0xb8:
        return 0x017e;
    case 0xbc:
        return 0x0152;
    case 0xbd:
        return 0x0153;
    case 0xbe:
        return 0x0178;
    default:
        return byte;
    }
}

/// Reads the source by one of the encodings with a byte a character.
template<typename Code>
PythonDecoding decodeBytes(QByteArrayView source, PythonDecoding comment, std::vector<char> &text,
                           Code codeOf)
{
    const auto isWrong = [&](char c) { return c != 0 && codeOf(static_cast<unsigned char>(c)) == 0; };
    for (const char c : source) {
        if (isWrong(c))
            return {Fault::Undecodable, comment.name, lineOfFirst(source, isWrong)};
        append(text, codeOf(static_cast<unsigned char>(c)));
    }
    return comment;
}

PythonDecoding decodeNamed(QByteArrayView source, PythonDecoding comment, std::vector<char> &text)
{
    const std::string name = normalized(comment.name);
    const bool ascii = isAscii(source);
    const auto take = [&] {
        text.insert(text.end(), source.begin(), source.end());
        return comment;
    };
    if (ownName(comment.name) == "iso-8859-1" || isIn(latin1Names, name))
        return ascii ? take()
                     : decodeBytes(source, comment, text, [](unsigned char c) -> char16_t { return c; });
    if (isIn(utf8Names, name)) {
        if (source.isValidUtf8())
            return take();
        return {Fault::Undecodable, comment.name, comment.line};
    }
    if (isIn(asciiNames, name)) {
        if (ascii)
            return take();
        const auto isWrong = [](char c) { return static_cast<unsigned char>(c) >= 0x80; };
        return {Fault::Undecodable, comment.name, lineOfFirst(source, isWrong)};
    }
    if (isIn(windows1252Names, name))
        return decodeBytes(source, comment, text, windows1252Code);
    if (isIn(latin9Names, name))
        return decodeBytes(source, comment, text, latin9Code);
    if (isIn(asciiBasedNames, name)) {
        if (ascii)
            return take();
        comment.fault = Fault::PythonOnly;
        return decodeBytes(source, comment, text, [](unsigned char c) -> char16_t { return c; });
    }
    comment.fault = isIn(otherNames, name) ? Fault::PythonOnly : Fault::Unknown;
    return comment;
}

} // namespace

PythonDecoding decodePython(QByteArrayView source, std::vector<char> &text)
{
    const bool mark = source.startsWith("\xef\xbb\xbf");
    if (mark)
        source = source.sliced(3);
    PythonDecoding comment = encodingComment(source);
    const bool utf8 = comment.name.isEmpty() || ownName(comment.name) == "utf-8";
    if (mark && !utf8) {
        comment.fault = Fault::Unknown;
        return comment;
    }
    if (!utf8)
        return decodeNamed(source, comment, text);
    text.insert(text.end(), source.begin(), source.end());
    return comment;
}

} // namespace stepwell
