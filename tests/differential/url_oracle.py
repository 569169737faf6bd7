# SPDX-License-Identifier: MIT
"""Database URLs as the real SQLAlchemy and its drivers read them, in libpq's words: one JSON object a line.

usage: url_oracle.py COUNT SEED    makes random URLs and answers them
       url_oracle.py read          answers URLs from standard input, a JSON text a line, without any leniency

Stepwell reads some URLs that SQLAlchemy or the driver refuses, or reads differently, because it hands env.py a
URL of its own making in which they are right: `lenient` names them. Others it refuses although SQLAlchemy reads
them, because the connection could only fail or go where nobody meant: `refused` names those. Everything else
must be the same."""

import inspect
import json
import random
import re
import sys
import urllib.parse

import asyncpg
import psycopg
import psycopg2.extensions
from sqlalchemy import exc
from sqlalchemy.dialects.postgresql import asyncpg as asyncpg_dialect
from sqlalchemy.dialects.postgresql import psycopg as psycopg_dialect
from sqlalchemy.dialects.postgresql import psycopg2 as psycopg2_dialect
from sqlalchemy.engine import make_url

ERRORS = (exc.ArgumentError, exc.NoSuchModuleError, ValueError, TypeError, psycopg2.Error, psycopg.Error, KeyError)
DIALECTS = {
    "psycopg2": psycopg2_dialect.dialect(),
    "psycopg": psycopg_dialect.dialect(),
    "asyncpg": asyncpg_dialect.dialect(),
}
# Taken out of the arguments by the dialect before asyncpg.connect() sees them.
DIALECT_ONLY = {"prepared_statement_cache_size", "prepared_statement_name_func", "async_fallback"}
ASYNCPG = set(inspect.signature(asyncpg.connect).parameters) | DIALECT_ONLY
ASYNCPG_ONLY = {"timeout", "command_timeout", "statement_cache_size", "max_cached_statement_lifetime", "direct_tls"}
ASYNCPG_ONLY |= {"max_cacheable_statement_size"} | DIALECT_ONLY


def plain_ports(ports, hosts):
    """One port a host, where any is given; a port may be left out."""
    numbers = [str(int(p)) if p else "" for p in str(ports or "").split(",")]
    if any(n and not 1 <= int(n) <= 65535 for n in numbers):
        raise ValueError(ports)  # refused: libpq does not take it
    if len(numbers) == 1:
        numbers *= len(hosts)
    return ",".join(numbers) if any(numbers) else ""


def in_libpq_words(arguments):
    """As libpq itself reads the arguments back; an unknown keyword is an error."""
    arguments = {key: value for key, value in arguments.items() if value not in (None, "")}
    found = psycopg2.extensions.parse_dsn(psycopg2.extensions.make_dsn(**arguments)) if arguments else {}
    hosts = found.pop("host", "").split(",")
    result = {"host": ",".join(hosts), "port": plain_ports(found.pop("port", ""), hosts)}
    for name in ("user", "password", "dbname"):
        result[name] = found.pop(name, "")
    return result | {"options": found}


def connect_arguments(url):
    driver = url.drivername.partition("+")[2] or "psycopg2"
    arguments = dict(DIALECTS[driver].create_connect_args(url)[1])
    arguments.pop("context", None)  # of psycopg's dialect
    return driver, arguments


def listed(arguments):
    for name in ("host", "port"):
        if isinstance(arguments.get(name), list):
            arguments[name] = ",".join(str(x) for x in arguments[name])
    return arguments


# Strictly ------------------------------------------------------------------------------------------


def strict(text):
    driver, arguments = connect_arguments(make_url(text))
    if any(isinstance(value, tuple) for value in arguments.values()):
        raise ValueError(arguments)
    own = {}
    if driver == "psycopg":
        arguments = psycopg.conninfo.conninfo_to_dict(psycopg.conninfo.make_conninfo(**arguments))
    if driver == "asyncpg":
        if unknown := set(arguments) - ASYNCPG:
            raise TypeError(unknown)
        own = {key: str(arguments.pop(key)) for key in set(arguments) & ASYNCPG_ONLY}
        if dsn := arguments.pop("dsn", None):
            for key, value in urllib.parse.parse_qsl(urllib.parse.urlparse(dsn).query, strict_parsing=True):
                arguments.setdefault(key, value)
        for name, libpq in (("database", "dbname"), ("ssl", "sslmode")):
            if name in arguments:
                arguments[libpq] = arguments.pop(name)
    return in_libpq_words(listed(arguments)) | {"driverOptions": own}


# With the differences ------------------------------------------------------------------------------


def lenient(text):
    """The URL that Stepwell takes the text for."""
    try:
        url = make_url(text)
    except ValueError:
        # libpq's list of hosts with ports, which SQLAlchemy takes for one port.
        place = re.search(r"(?<=@|/)([^@/?]*:\d*,[^@/?]*)(?=[/?]|\Z)", text)
        if not place:
            raise
        url = make_url(text[: place.start()] + "h" + text[place.end() :])
        found = psycopg2.extensions.parse_dsn("postgresql://" + place[0])
        found["host"] = url.host[:-1] + found.get("host", "")  # what an @ in the password left there
        return url.set(host=None, query=dict(url.query) | found)
    if "%2f" in (url.host or "").lower() and not text.partition("://")[2].rpartition("@")[2].startswith("["):
        # libpq's way to write a socket folder. SQLAlchemy would look for a host of that name.
        url = url.set(host=urllib.parse.unquote(url.host))
    query = dict(url.query)
    # Names of another driver than the URL's: the meaning is clear, and env.py gets its own driver's name.
    if "ssl" in query:
        query["sslmode"] = {"true": "require"}.get(str(query["ssl"]).lower(), query["ssl"])
        del query["ssl"]
    if "database" in query:
        query["dbname"] = query.pop("database")
    # One port for all hosts, as libpq has it. SQLAlchemy counts, and does not look at hosts before the path.
    hosts = query.get("host", url.host or "")
    port = query.get("port", str(url.port or ""))
    if "host" not in query and "," in hosts and isinstance(port, tuple):
        port = ",".join(port)
    if isinstance(hosts, str) and isinstance(port, str):
        if "," in hosts and ("host" not in query or ("port" in query and "," not in port)):
            ports = port if "," in port else ",".join([port] * (hosts.count(",") + 1))
            url, query = url.set(host=None), query | {"host": hosts, "port": ports}
            url = url._replace(port=None)
            if not port:
                del query["port"]
    return url.set(query=query)


def refused(text, url):
    if any(isinstance(value, tuple) and key not in ("host", "port") for key, value in url.query.items()):
        return True  # an option twice: the driver would get the text "('a', 'b')"
    try:
        original = make_url(text)
    except ValueError:  # a list of hosts
        original = url
    if {"ssl", "sslmode"} <= set(original.query) or {"database", "dbname"} <= set(original.query):
        return True  # the same
    if original.port is not None and not 1 <= original.port <= 65535:
        return True  # 0 is dropped in silence, and no other is a port, also where the options have another one
    texts = [url.username, url.password, url.host, url.database]
    texts += [x for key, value in url.query.items() for x in (key, value)]
    texts = [x for t in texts if t for x in (t if isinstance(t, tuple) else (t,))]
    if any("\0" in x for x in texts):
        return True  # PostgreSQL knows no such character
    if any("\ufffd" in x for x in texts) and "\ufffd" not in text and "%EF%BF%BD" not in text:
        return True  # percent-encoded bytes that are no UTF-8 became question marks
    hosts = url.query.get("host", ())
    ports = url.query.get("port", "")
    if any(re.fullmatch(r"\s*\+?0+\s*", p) for p in (",".join(ports) if isinstance(ports, tuple) else ports).split(",")):
        return True  # the default for one of several hosts, and an error of libpq's for a single one
    addresses = url.query.get("hostaddr", "")
    count = len(hosts) if isinstance(hosts, tuple) and hosts else (hosts or url.host or "").count(",") + 1
    if addresses and (hosts or url.host) and addresses.count(",") + 1 != count:
        return True  # libpq refuses to guess which address belongs to which host
    # An address is taken apart at its first colons.
    return isinstance(hosts, tuple) and any(h.count(":") > 1 or "," in h for h in hosts)


def with_differences(text):
    # libpq's own name for the scheme, and what several hosters print; SQLAlchemy knows no such dialect.
    text = re.sub(r"\Apostgres(?=[:+])", "postgresql", text)
    url = lenient(text)
    if url.get_backend_name() != "postgresql":
        raise ValueError(text)
    url.get_dialect()
    if refused(text, url):
        raise ValueError(text)
    driver = url.drivername.partition("+")[2] or "psycopg2"
    own = {}
    if driver == "asyncpg":
        own = {key: value for key, value in url.query.items() if key in ASYNCPG_ONLY}
        url = url.set(query={key: value for key, value in url.query.items() if key not in own})
    # asyncpg wants a port for each host and gets 5432 from Stepwell; its arguments are the same otherwise.
    _, arguments = connect_arguments(url.set(drivername="postgresql+psycopg2"))
    result = in_libpq_words(arguments)
    if driver == "asyncpg" and not isinstance(url.query.get("host", ""), tuple) and "," not in result["host"]:
        _, same = connect_arguments(url)
        if "database" in same:
            same["dbname"] = same.pop("dbname", same["database"])
            del same["database"]
        assert in_libpq_words(same) == result, text
    if any(re.fullmatch(r"[a-zA-Z0-9.-]*:[0-9]*", host) for host in result["host"].split(",")):
        raise ValueError(text)  # a port in the name of a host: SQLAlchemy would look for a host "h:5432"
    return result | {"driverOptions": own}


def answer(text, ask):
    try:
        return ask(text)
    except ERRORS as error:
        return {"error": "%s: %s" % (type(error).__name__, error)}


# Random URLs ---------------------------------------------------------------------------------------

SAFE = "abcXYZ019._-"
ODD = " !\"#$%&'()*+,/:;<=>?@[\\]^`{|}~\t\xe4\u20ac\U0001f600"
OPTIONS = ["sslmode=require", "sslmode=verify-full", "ssl=require", "ssl=true", "application_name=a+b", "connect_timeout=3"]
OPTIONS += ["options=-csearch_path%3Dfoo%2Cbar", "options=-c%20x.y%3D'1%25'", "application_name=%C3%A4%26", "keepalives=1"]
OPTIONS += ["target_session_attrs=any", "user=over", "password=o%40ver", "dbname=other", "database=other", "sslrootcert=/a b"]
OPTIONS += ["sslmode=", "noequals", "=x", "unknown=1", "command_timeout=5", "prepared_statement_cache_size=0", "client_encoding=utf8"]
OPTIONS += ["hostaddr=10.0.0.1", "passfile=/p", "krbsrvname=k", "gssencmode=disable", "sslnegotiation=direct", "SSLMODE=require"]
HOSTS = ["h", "db-1.example.org", "10.0.0.7", "[::1]", "[fe80::1%25eth0]", "", "", "h1,h2", "%2Fvar%2Frun", "a_b", "h%20x"]
PORTS = [":5432", ":5432", ":1", ":65535", ":", ":0", ":65536", ":abc", ":-1", ":+7", ": 5432", ":5_4", ":05432", ":1.5"]
QUERY_HOSTS = ["/var/run/pg", "h1:5432", "h1:", "h1,h2", "h1,h2,h3", "::1", "[::1]:5", "/tmp/a:1", "h:x", "a,,b", "%2Ftmp", ":5", "b"]
QUERY_PORTS = ["5433", "1,2", "1,2,3", ",", "0", "x", "1,", "70000", "+5", " 5"]


def random_text(rng, raw):
    length = rng.choice([1, 2, 3, 5])
    text = "".join(rng.choice(SAFE if rng.random() < 0.7 else ODD) for _ in range(length))
    return text if raw else urllib.parse.quote(text, safe="")


def random_query(rng):
    parts = [rng.choice(OPTIONS) for _ in range(rng.choice([0, 1, 1, 2, 3]))]
    if rng.random() < 0.4:
        parts += ["host=" + rng.choice(QUERY_HOSTS) for _ in range(rng.choice([1, 1, 1, 2, 3]))]
    if rng.random() < 0.25:
        parts += ["port=" + rng.choice(QUERY_PORTS) for _ in range(rng.choice([1, 1, 1, 2]))]
    if rng.random() < 0.1:
        parts.append(rng.choice(["application_name=", "", "fallback_application_name="]) + random_text(rng, rng.random() < 0.3))
    rng.shuffle(parts)
    return "&".join(parts)


def random_url(rng):
    driver = rng.choice(["", "", "+psycopg2", "+psycopg", "+asyncpg"])
    text = ("postgres" if rng.random() < 0.05 else "postgresql") + driver + "://"
    raw = rng.random() < 0.15
    if rng.random() < 0.6:
        text += random_text(rng, raw) if rng.random() < 0.9 else ""
        if rng.random() < 0.7:
            text += ":" + (random_text(rng, raw) if rng.random() < 0.95 else "")
        if rng.random() < 0.02:
            text += rng.choice(["%E4", "%00", "%zz", "%", "%4 ", "%C3%A4%"])
        text += "@"
    if rng.random() < 0.04:
        return text + rng.choice(["h1:1,h2:2", "h1,h2:2", "h1:1,[::2]:2", "h1:x,h2:2", ":1,:2"]) + rng.choice(["/d", ""])
    text += rng.choice(HOSTS)
    if rng.random() < 0.4:
        text += rng.choice(PORTS[:4] if rng.random() < 0.7 else PORTS)
    if rng.random() < 0.7:
        text += "/" + rng.choice(["d", "d", "", "my%20db", "a/b#c", "\xe4", "a b", random_text(rng, True)])
    if rng.random() < 0.6:
        text += "?" + random_query(rng)
    return text


FIXED = ["postgresql://", "postgresql+asyncpg://", "postgresql://?", "postgresql:///", "postgresql://@", "postgresql://:@"]
FIXED += ["", "nonsense", " postgresql://h/d", "postgresql:/h/d", "postgresql//h", "://h", "postgresql://h/d ", "POSTGRESQL://h"]
FIXED += ["mysql://h/d", "sqlite:///x.db", "driver://user:pass@localhost/dbname", "postgresql+nonsense+x://h", "postgresql+://h"]
FIXED += ["postgresql://u:p@ss@h/d", "postgresql://u:a/b?c:d@h/d", "postgresql://h:5432/x@y", "postgresql://[]/d"]
FIXED += ["postgresql://u:%25%34%31@h", "postgresql://u%2B:+@h", "postgresql://h?application_name=%2B+%20"]
FIXED += ["postgresql:///d?host=h1:5432&host=h2:5433", "postgresql:///d?host=h1,h2&port=1,2", "postgresql:///d?host=h1,h2&port=5"]
FIXED += ["postgresql://a:5432/d?host=b,c", "postgresql://a:5432/d?host=b:", "postgresql://a,b/d?port=1,2", "postgresql://a,b:5/d"]
FIXED += ["postgresql:///d?host=a:1&host=b:2&port=3", "postgresql:///d?host=a&port=1&port=2", "postgresql:///d?host=a,b&port=1&port=2"]
FIXED += ["postgresql+asyncpg:///d?host=a&host=b", "postgresql+asyncpg:///d?host=a:1&host=b:2", "postgresql://h:\uff15/d"]


def main():
    if sys.argv[1] == "read":
        for line in sys.stdin:
            print(json.dumps(answer(json.loads(line)[0], strict)))
        return
    count, seed = int(sys.argv[1]), int(sys.argv[2])
    for at in range(-len(FIXED), count):
        text = FIXED[at] if at < 0 else random_url(random.Random(seed * 1_000_003 + at))
        print(json.dumps({"url": text, "answer": answer(text, with_differences)}))


if __name__ == "__main__":
    main()
