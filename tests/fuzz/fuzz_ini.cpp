// SPDX-License-Identifier: MIT
// Any text as an ini: every option of every section is read, and then the settings Alembic takes from it.
#include "migrations/config/configreader.h"
#include "migrations/config/inifile.h"
#include "tests/fuzz/fuzzing.h"

using namespace stepwell;
using namespace Qt::StringLiterals;

namespace {

void readAll(const IniFile &ini)
{
    for (const QString &section : ini.sections() + QStringList{u"DEFAULT"_s, u"no such section"_s}) {
        for (const QString &option : ini.options(section)) {
            fuzzing::require(ini.has(section, option), "a listed option is there", option);
            fuzzing::require(!ini.raw(section, option).isNull(), "a listed option has a text", option);
            const auto value = ini.value(section, option);
            if (!value)
                fuzzing::require(!value.error().message.isEmpty(), "an error says what is wrong", option);
        }
    }
}

void readConfig(const IniFile &ini)
{
    for (const QString &section : {u"alembic"_s, u"other"_s}) {
        const auto config = ConfigReader(&ini, nullptr, section, {}).run(ini.file());
        if (config)
            fuzzing::require(config->section == section, "the section asked for is the one that is read",
                             config->section);
        else
            fuzzing::require(!config.error().message.isEmpty(), "an error says what is wrong");
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArray text = fuzzing::bytes(data, size);
    if (const auto ini = IniFile::parse(QString::fromUtf8(text), u"/project/alembic.ini"_s)) {
        readAll(*ini);
        readConfig(*ini);
    } else {
        fuzzing::require(!ini.error().message.isEmpty(), "an error says what is wrong");
    }
    return 0;
}
