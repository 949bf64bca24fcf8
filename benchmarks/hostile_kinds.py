"""Ways in which a notebook can be nasty to whoever reads it, each written to a size: name -> (size, chance) -> file."""

# ruff: noqa: E501 - a table: one kind a line

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from random import Random

Kind = Callable[[int, Random], str]
Text = Callable[[int, Random], str]

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ALL = _LETTERS + _LETTERS.upper() + "0123456789"


def _document(cells: list[dict[str, object]], **metadata: object) -> str:
    metadata |= {"language_info": {"name": "python"}, "kernelspec": {"name": "python3"}}
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 4})


def _code(source: str, *outputs: dict[str, object], count: int = 1) -> dict[str, object]:
    return {"cell_type": "code", "execution_count": count, "metadata": {}, "outputs": list(outputs), "source": source}


def _stream(text: str) -> dict[str, object]:
    return {"output_type": "stream", "name": "stdout", "text": text}


def _shown(mime: str, value: object) -> dict[str, object]:
    return {"output_type": "display_data", "metadata": {}, "data": {mime: value}}


def printed(text: Text) -> Kind:
    """A text that was printed."""
    return lambda size, chance: _document([_code("print(1)", _stream(text(size, chance)))])


def html(text: Text) -> Kind:
    """HTML that was shown."""
    return lambda size, chance: _document([_code("show(1)", _shown("text/html", text(size, chance)))])


def markdown(text: Text) -> Kind:
    """A text in markdown."""
    cell = {"cell_type": "markdown", "metadata": {}}
    return lambda size, chance: _document([{**cell, "source": text(size, chance)}])


def code(text: Text) -> Kind:
    """One cell of code."""
    return lambda size, chance: _document([_code(text(size, chance))])


def cells(one: Callable[[int, Random], dict[str, object]]) -> Kind:
    """Many cells; each is made of its number."""

    def made(size: int, chance: Random) -> str:
        weight = len(json.dumps(one(0, Random(1)))) + 2
        return _document([one(number, chance) for number in range(size // weight)])

    return made


def again(unit: str) -> Text:
    """The same over and over."""
    return lambda size, _: unit * (size // len(unit))


def drawn(one: Callable[[Random], str]) -> Text:
    """Another one each time."""

    def made(size: int, chance: Random) -> str:
        parts, length = [], 0
        while length < size:
            parts.append(one(chance))
            length += len(parts[-1])
        return "".join(parts)

    return made


def numbered(one: Callable[[int], str]) -> Text:
    """Each made of its number."""

    def made(size: int, _: Random) -> str:
        parts, length = [], 0
        while length < size:
            parts.append(one(len(parts)))
            length += len(parts[-1])
        return "".join(parts)

    return made


def _digits(chance: Random, count: int) -> str:
    return "".join(chance.choices("0123456789", k=count))


def _word(chance: Random, count: int, of: str = _ALL) -> str:
    return "".join(chance.choices(of, k=count))


def _nested(opens: str, inside: str, closes: str) -> Text:
    def made(size: int, _: Random) -> str:
        depth = size // (len(opens) + len(closes))
        return opens * depth + inside + closes * depth

    return made


_RUNS = {f"run of {name}": sign for name, sign in (
    ("a", "a"), ("A", "A"), ("0", "0"), ("underscore", "_"), ("slash", "/"), ("dot", "."), ("dash", "-"), ("blank", " "),
    ("break", "\n"), ("tab", "\t"), ("quote", '"'), ("backslash", "\\"), ("escape", "\x1b"), ("equals", "="), ("at", "@"),
    ("less", "<"), ("more", ">"), ("colon", ":"), ("ampersand", "&"), ("bracket", "["), ("dollar", "$"), ("accent", "é"),
    ("emoji", "\N{ROCKET}"),
)}  # fmt: skip

TEXTS: dict[str, Text] = {
    **{name: again(sign) for name, sign in _RUNS.items()},
    "words": drawn(lambda c: _word(c, c.randint(2, 9), _LETTERS) + " "),
    "floats": drawn(lambda c: f"{c.random()!r} "),
    "ints": drawn(lambda c: f"{c.randrange(10**9)} "),
    "dates, short": again("born 12.03.19 dob 1.1.1980 x\n"),
    "log": again("2026-01-01 12:34:56,123 INFO key=0 token: none\n"),
    "key ids": again("AKIA" + "Q7WERTYUIOPASDF2 "),
    "half tokens": again("gh" + "p_abcdefgh1234 sk-" + "abcDEF12 "),
    "long words": drawn(lambda c: _word(c, 20) + " "),
    "words of 32": drawn(lambda c: _word(c, 32, "0123456789abcdef") + " "),
    "words of 40 after key": drawn(lambda c: "key token " + _word(c, 40) + "\n"),
    "words with slashes": drawn(lambda c: "/".join(_word(c, 3) for _ in range(9)) + " "),
    "slashes in one word": again("ab/"),
    "percent": again("%3Dabcdefghijklmnopqrs "),
    "names of tables": again("projects/a/secrets/"),
    "passwords without a value": again("password= pwd: secret= \n"),
    "passwords, weak": drawn(lambda c: f"password={_word(c, 7, _LETTERS)}\n"),
    "passwords": drawn(lambda c: f"password={_word(c, 12)}\n"),
    "passwords, quoted": drawn(lambda c: f'"db_password": "{_word(c, 12)}", '),
    "passwords, unclosed": again('password="'),
    "names of secrets": again("secret_token_password_key_"),
    "names, long": again("a" * 59 + "-token "),
    "names behind a sign": again("a" * 58 + "! token"),
    "tokens spaced": again("--token --password "),
    "tags named so": again("<password>abcdef<"),
    "keys without an end": again("-----BEGIN PRIVATE KEY-----\nMIIEabc\n"),
    "key beginnings": again("-----BEGIN "),
    "key armour": again("-----BEGIN RSA PRIVATE KEY-----\na-b: c\n"),
    "web tokens": again(" eyJ" + "a" * 17 + ".eyJ" + "b" * 20 + "." + "c" * 20),
    "web tokens, half": again(".eyJaaaaaaaaaaaa"),
    "web keys": again('{"kty": "RSA", "d": "'),
    "urls": drawn(lambda c: f"https://{_word(c, 5)}:{_word(c, 9)}@{_word(c, 5)}.com/ "),
    "urls, half": again("a://b:ccccccc "),
    "urls, glued": again("abcdefghijklmnopqrstuvwxyzabcde://"),
    "urls, late at": again("a://b:" + "c" * 150 + " ://" + "d" * 100 + "@"),
    "connection strings": drawn(lambda c: f"Server=a;Uid=b;Password={_word(c, 9)};"),
    "connections, half": again("pwd=abcd;"),
    "connections, blanks": again("server " + " " * 90 + ";pwd=abcdef;"),
    "bearers": again("bearer bearer token basic "),
    "bearers, long": again("bearer " + "a" * 2100 + " "),
    "headers": drawn(lambda c: f"Authorization: Bearer {_word(c, 30)}\n"),
    "basics": again("basic dXNlcjpwYXNzd29yZA "),
    "cookies": again("cookie: sessionid=abc; "),
    "cookies, many": drawn(lambda c: f"Set-Cookie: sessionid={_word(c, 24)}\n"),
    "netrc": again("machine a login b password "),
    "pgpass": again("a" * 190 + "!:5432:"),
    "pgpass, many": again(":5432:a"),
    "curl": again("curl -u a:"),
    "curl, one": again("curl \\\n -u "),
    "sql": again("create user a identified identified "),
    "sql, long": again("create user " + "identified by a b "),
    "logins": again("login('a', 'b"),
    "logins, blanks": again("login(" + " " * 39),
    "crypts": again("$2a$10$abc $1$abcdefgh$ $6$rounds=1$"),
    "dollars": again("$2$2$1$5$"),
    "putty": again("Private-Lines: 2\nabc\n"),
    "hashes": drawn(lambda c: f"sha1:{_word(c, 12, 'abcdef0123456789')}:"),
    "base64 words": drawn(lambda c: "YWJjZGVmZ2hpamtsbW5v" + _word(c, 20) + " "),
    "e-mails": drawn(lambda c: f"{_word(c, 8, _LETTERS)}@{_word(c, 6, _LETTERS)}.com "),
    "e-mails, half": again("a@b."),
    "e-mails, long": again("a" * 62 + " @"),
    "e-mails, many at": again("a" * 32 + " " + "@" * 31),
    "e-mails, hosts": again("a@" + "a-" * 30 + " "),
    "e-mails, domains": again("a@" + "ab." * 8 + "1 "),
    "homes": drawn(lambda c: f"/home/{_word(c, 6, _LETTERS)}/x "),
    "homes, half": again("/home/"),
    "homes, windows": again("C:\\Users\\a b c d"),
    "homes, blanks": again("C:\\\\Users\\\\" + "a " * 35),
    "dots and digits": again("1.2.3."),
    "digit groups": again("000-00 "),
    "digit groups, long": again("000 000 000 000 "),
    "cards": drawn(lambda c: f"4{_digits(c, 3)} {_digits(c, 4)} {_digits(c, 4)} {_digits(c, 4)}, "),
    "social security": drawn(lambda c: f"{_digits(c, 3)}-{_digits(c, 2)}-{_digits(c, 4)}, "),
    "IBANs": drawn(lambda c: f"DE{_digits(c, 20)} "),
    "IBANs, half": again("DE00 0000 0000 0000 "),
    "phones": drawn(lambda c: f"+49 30 {_digits(c, 7)}, "),
    "phones, wrong": drawn(lambda c: f"+99 {_digits(c, 9)}, "),
    "phones, american": drawn(lambda c: f"({_digits(c, 3)}) {_digits(c, 3)}-{_digits(c, 4)}, "),
    "phones, labelled": drawn(lambda c: f"phone: 0{_digits(c, 9)}\n"),
    "phones, label far": drawn(lambda c: f"tel phone mobile {_digits(c, 3)} {_digits(c, 4)} x\n"),
    "phone-like labels": again("Tel. 030 1234567 phone: 555 0100 x\n"),
    "ids, labelled": drawn(lambda c: f"passport ssn pesel nif {_digits(c, 11)}\n"),
    "labels": again("phone tel passport iban dob ssn "),
    "labels and 0": again("phone tel ssn 0000000 "),
    "dates, labelled": drawn(lambda c: f"dob {c.randint(1, 28)}.{c.randint(1, 12)}.19{_digits(c, 2)}\n"),
    "cpf-like": drawn(lambda c: f"{_digits(c, 3)}.{_digits(c, 3)}.{_digits(c, 3)}-{_digits(c, 2)} "),
    "chinese ids": drawn(lambda c: f"1{_digits(c, 5)}19{_digits(c, 10)} "),
    "codici": drawn(lambda c: _word(c, 6, _LETTERS.upper()) + "80A01H501" + _word(c, 1, _LETTERS.upper()) + " "),
    "IPs": drawn(lambda c: f"client {c.randint(1, 220)}.{c.randint(0, 255)}.{c.randint(0, 255)}.7 "),
    "MACs": drawn(lambda c: ":".join(_word(c, 2, "0123456789abcdef") for _ in range(6)) + " "),
    "colons": again("aa:bb:cc:dd:ee:"),
    "places": drawn(lambda c: f"lat={c.random() * 90:.6f} lon={c.random() * 180:.6f}\n"),
    "streets": drawn(lambda c: f"{_digits(c, 2)} {_word(c, 6, _LETTERS).title()} Street, {_digits(c, 5)} Town\n"),
    "patients": again("patient diagnosis: F32.1 mrn 12345\n"),
    "commas": again("a,b,c\n"),
    "commas, one line": again("a,"),
    "csv, tiny": again("a,b\n1,2\n3,4\n\n"),
    "csv, quoted": again('"a","b"\n'),
    "csv, names": drawn(lambda c: f"{_word(c, 6, _LETTERS).title()},{_word(c, 7, _LETTERS).title()},{_digits(c, 2)}\n"),
    "csv, changing": drawn(lambda c: "a" + ",b" * c.randint(1, 6) + "\n"),
    "columns": again("  a  b\n"),
    "columns, tiny": again("   a  b\n0  1  2\n1  3  4\n\n"),
    "columns, wide": again("  a" * 2000 + "\n"),
    "columns, changing": drawn(lambda c: "  a" + " " * c.randint(2, 9) + "b\n"),
    "columns, one line": again("  a"),
    "pipes": again("| a | b |\n"),
    "pipes, tiny": again("|a|b|\n|-|-|\n|1|2|\n\n"),
    "pipes, one line": again("|a"),
    "boxes": again("+--+\n|a |\n"),
    "colours": again("\x1b[31mred\x1b[0m "),
    "colours, unclosed": again("\x1b[0;"),
    "links of terminals": again("\x1b]8;;a"),
    "progress": again("50%|#####     | 5/10 [00:01<00:01]\r"),
    "tracebacks": again('File "/tmp/a.py", line 3, in f\n    raise ValueError\n'),
    "surrogates": again("\ud83d"),
    "chinese": again("\u6f22\u5b57\u540d\u524d "),
    "data uris": again("data:image/png;base64,"),
    "our comments": again("# nbm: ignore[SE001] x\n"),
}  # fmt: skip

HTMLS: dict[str, Text] = {
    "cells": again("<td>1</td>"),
    "cells, open": again("<td"),
    "cells, never closed": again("<td>"),
    "cells, attributes": again("<td class=\"abcdefg\" title='xyzzyx'>1</td>"),
    "cells, unclosed attribute": again('<td <b a="x'),
    "cells, with tags": again("<td><b><i>1</i></b></td>"),
    "rows": again("<tr><td>1<td>2</tr>"),
    "rows of heads": again("<tr><th colspan=100>1</th></tr>"),
    "tables, tiny": again("<table><tr><th>a<th>b</tr><tr><td>1<td>2</tr></table>"),
    "tables, nested": _nested("<table><tr><td>", "1", "</td></tr></table>"),
    "tables, open": again("<table><tr><td>a"),
    "table": lambda size, c: "<table>" + drawn(lambda c: f"<tr><td>{_digits(c, 4)}</td><td>x</td></tr>")(size, c),
    "entities": again("&amp;&lt"),
    "entities, closed": again("&lt;"),
    "entities, half": again("&#"),
    "entities, long": again("&abcdefghijklmnopqrstuvwxyzabcdefgh"),
    "comments": again("<!-- a"),
    "attributes": again('<a href="abcdefgh'),
    "attributes, many": lambda size, c: "<a " + again('b="abcdefgh" ')(size, c) + ">",
    "attributes, own": lambda size, c: "<a " + drawn(lambda c: f'b="{_word(c, 8)}" ')(size, c) + ">",
    "attributes, equals": lambda size, c: "<a " + again("= ")(size, c) + ">",
    "attributes, blanks": lambda size, c: "<a " + again("=" + " " * 500)(size, c) + ">",
    "tags": again("<b>"),
    "tags, unknown": drawn(lambda c: f"<{_word(c, 9, _LETTERS)}>"),
    "less": again("<"),
    "script": lambda size, c: "<script>" + again("if(a<b&&c>d){e='x'};")(size, c),
    "drawing": lambda size, c: '<svg><path d="M' + drawn(lambda c: f"{c.random():.3f} ")(size, c) + '"/></svg>',
    "links": drawn(lambda c: f'<a href="https://{_word(c, 8)}.org/{_word(c, 20)}">{_word(c, 4)}</a>\n'),
    "pictures": lambda size, c: f'<img src="data:image/png;base64,{_word(c, size)}">',
    "one line": drawn(lambda c: f"<p>{_word(c, 6)}</p>"),
}  # fmt: skip

CODES: dict[str, Text] = {
    "literal": lambda size, c: f'x = "{_word(c, size)}"',
    "list": lambda size, c: "x = [" + drawn(lambda c: f"{_digits(c, 4).lstrip('0') or 0}, ")(size, c) + "]",
    "list of texts": lambda size, c: "x = [" + drawn(lambda c: f"'{_word(c, 6)}', ")(size, c) + "]",
    "dict": lambda size, c: "x = {" + drawn(lambda c: f"'{_word(c, 6)}': 1, ")(size, c) + "}",
    "dicts": lambda size, c: "x = [" + again("{'a': 1, 'b': [1, 2]}, ")(size, c) + "]",
    "dicts, nested": again("x = {'a': {'b': {'c': {'d': [1, 2, 3]}}}}\n"),
    "assignments": numbered(lambda n: f"a{n} = {n}\n"),
    "assignments, one name": again("a = 1\n"),
    "assignments, read": numbered(lambda n: f"a{n} = a{n - 1 if n else 'x'}\n"),
    "sums": numbered(lambda n: f"a = a + {n}\n"),
    "functions": numbered(lambda n: f"def f{n}(): return {n}\n"),
    "functions, calling": numbered(lambda n: f"def f{n}(): return f{max(n - 1, 0)}()\n"),
    "functions, globals": numbered(lambda n: f"def f{n}():\n    global g\n    g = {n}\nf{n}()\n"),
    "classes": numbered(lambda n: f"class C{n}:\n    x = 1\n    def f(self): return self.x\n"),
    "calls": again("f(a)\n"),
    "calls, one": again("f();"),
    "imports": numbered(lambda n: f"import m{n}\n"),
    "imports, star": again("from a import *\n"),
    "missing names": numbered(lambda n: f"print(missing{n})\n"),
    "deletions": numbered(lambda n: f"a{n} = 1\ndel a{n}\n"),
    "chain of attributes": lambda size, c: "x = a" + ".b" * (size // 2),
    "chain of calls": lambda size, c: "x = a" + ".b()" * (size // 4),
    "chain, short": again("x = a.b.c.d.e.f.g.h\n"),
    "parentheses": lambda size, c: "x = " + _nested("(", "1", ")")(size, c),
    "brackets": lambda size, c: "x = " + _nested("[", "1", "]")(size, c),
    "brackets, open": lambda size, c: "x = " + "[" * size,
    "sum, one": lambda size, c: "x = 1" + "+1" * (size // 2),
    "sum of texts": lambda size, c: 'x = "ab"' + '+"cd"' * (size // 5),
    "texts side by side": lambda size, c: 'x = "ab"' + ' "cd"' * (size // 5),
    "texts, in pairs": again('x = "ab" "cd"\n'),
    "texts joined": numbered(lambda n: f'x{n} = "".join(["ab", "c{n}"])\n'),
    "texts, plain": lambda size, c: 'y = "ab" "cd"\n' + again('x = "abcdef"\n')(size, c),
    "f-strings": again("x = f'{a}{b!r:>{w}}'\n"),
    "f-string, one": lambda size, c: "x = f'" + "{a}" * (size // 3) + "'",
    "comparisons": lambda size, c: "x = 1" + "<1" * (size // 2),
    "lambdas": lambda size, c: "x = " + "lambda:" * (size // 7) + "1",
    "not": lambda size, c: "x = " + "not " * (size // 4) + "1",
    "comprehensions": again("x = [a for a in b if a]\n"),
    "ifs": again("if a:\n    b = 1\nelse:\n    b = 2\n"),
    "loops": again("for i in a:\n    b.append(i)\n"),
    "elifs": lambda size, c: "if a:\n    b = 1\n" + "elif c:\n    d = 1\n" * (size // 19),
    "tries": again("try:\n    a = 1\nexcept Exception:\n    pass\n"),
    "comments": again("# a comment\n"),
    "comments, like code": again("# x = f(1)\n"),
    "comments of ours": again("x = 1  # nbm: ignore[EX006] yes\n"),
    "comments of ours, needed": numbered(lambda n: f"open('/opt/kk/{n}')  # nbm: ignore[RE001] yes\n"),
    "magics": again("%time x = 1\n"),
    "shell": again("!ls -l {x}\n"),
    "installs": numbered(lambda n: f"!pip install a{n}\n"),
    "help": again("x?\n"),
    "assigned magics": again("x = !ls\n"),
    "cell magic": lambda size, c: "%%bash\n" + again("export A=1\n")(size, c),
    "continuations": again("x = \\\n"),
    "continuations only": again("\\\n"),
    "triple quotes": again('"""'),
    "triple quote, open": lambda size, c: '"""' + "a b\n" * (size // 4),
    "quotes, open": again("'a\n"),
    "semicolons": again(";"),
    "no Python": again("a b c\n"),
    "indents": again("  x\n    y\n"),
    "unicode names": numbered(lambda n: f"ä{n} = 1\n"),
    "secrets": drawn(lambda c: f'password = "{_word(c, 12)}"\n'),
    "secret, one": again('password = "' + "kQ7w" + 'zP9xLm2v"\n'),
    "secrets printed": again("print(password)\n"),
    "paths": numbered(lambda n: f"x = open('/opt/kk/data/{n}.csv')\n"),
    "home": again("x = open('/home/kowalski/a.csv')\n"),
    "downloads": numbered(lambda n: f"pd.read_csv('https://a.org/{n}.csv')\n"),
    "estimators": again("m = LogisticRegression().fit(X, y)\nm.score(X, y)\n"),
    "estimators, imported": lambda size, c: "from sklearn.linear_model import LogisticRegression\n"
    + again("m = LogisticRegression().fit(X, y)\nm.score(X, y)\n")(size, c),
    "splits": lambda size, c: "from sklearn.model_selection import train_test_split\n"
    + again("a, b = train_test_split(c)\nc = a\n")(size, c),
    "pandas": again("df['a'] = df['b'].fillna(0)\ndf = df[df.a > 1]\n"),
    "random": again("x = np.random.rand(3)\n"),
    "decorators": again("@a\ndef f(): pass\n"),
    "parameters": lambda size, c: "def f(" + numbered(lambda n: f"a{n}=1, ")(size, c) + "): pass",
    "walrus": again("(x := x)\n"),
    "withs": again("with a as b:\n    pass\n"),
    "matches": again("match a:\n    case [b, c]: pass\n"),
    "globals by text": again("globals()['a'] = exec('b = 1')\n"),
    "base64": lambda size, c: f"x = '{_word(c, size)}='",
    "csv in a text": lambda size, c: 'x = """' + again("a,b\n")(size, c) + '"""',
}  # fmt: skip


def _jsons() -> Iterator[tuple[str, Kind]]:
    mime = "application/vnd.plotly.v1+json"

    def shown(value: Callable[[int, Random], object]) -> Kind:
        return lambda size, c: _document([_code("plot()", _shown(mime, value(size, c)))])

    yield "numbers", shown(lambda size, c: {"data": [{"x": [c.random() for _ in range(size // 20)]}]})
    yield "small numbers", shown(lambda size, c: {"data": [{"x": [n % 7 for n in range(size // 3)]}]})
    yield "texts", shown(lambda size, c: {"data": [{"text": [_word(c, 8) for _ in range(size // 12)]}]})
    yield "records", shown(lambda size, c: [{"name": "a", "value": "bcdefgh"} for _ in range(size // 40)])
    yield "empty lists", shown(lambda size, c: [[] for _ in range(size // 4)])
    yield "lists of lists", shown(lambda size, c: [[[[1, 2]]] for _ in range(size // 14)])
    yield "objects of lists", shown(lambda size, c: [{"a": [1, 2], "b": [3, 4]} for _ in range(size // 34)])
    yield "keys", shown(lambda size, c: {f"key{n}": "abcdef" for n in range(size // 20)})
    yield "long keys", shown(lambda size, c: {f"{'key' * 90}{n}": 1 for n in range(size // 290)})
    yield "deep", shown(lambda size, c: _deep(900))
    yield "many deep", shown(lambda size, c: [_deep(90) for _ in range(size // 560)])
    yield (
        "nested lists",
        lambda size, c: _document([_code("p()", _shown(mime, "#"))]).replace(
            '"#"', "[" * (size // 2) + "]" * (size // 2)
        ),
    )
    yield "passwords", shown(lambda size, c: [{"password": _word(c, 12)} for _ in range(size // 30)])
    yield "e-mails", shown(lambda size, c: [{"email": f"{_word(c, 8)}@mail.com"} for _ in range(size // 34)])


def _deep(depth: int) -> object:
    value: object = "abcdefgh"
    for _ in range(depth):
        value = {"a": value}
    return value


def _whole() -> Iterator[tuple[str, Kind]]:
    """What only a whole notebook can do."""
    yield "outputs, tiny", lambda size, c: _document([_code("x", *[_stream("a\n") for _ in range(size // 62)])])
    yield (
        "outputs, alternating",
        lambda size, c: _document(
            [_code("x", *[{**_stream("a\n"), "name": f"std{'out' if n % 2 else 'err'}"} for n in range(size // 62)])]
        ),
    )
    yield (
        "outputs, html",
        lambda size, c: _document([_code("x", *[_shown("text/html", "<b>a</b>") for _ in range(size // 90)])]),
    )
    yield (
        "outputs, tables",
        lambda size, c: _document(
            [_code("x", *[_shown("text/html", "<table><tr><th>a<tr><td>1</table>") for _ in range(size // 120)])]
        ),
    )
    yield (
        "outputs, with e-mails",
        lambda size, c: _document(
            [_code("x", *[_shown("text/html", f"<b>{_word(c, 6)}@mail.com</b>") for _ in range(size // 105)])]
        ),
    )
    yield (
        "errors",
        lambda size, c: _document(
            [
                _code(
                    "x",
                    *[
                        {"output_type": "error", "ename": "E", "evalue": "", "traceback": ["a"]}
                        for _ in range(size // 75)
                    ],
                )
            ]
        ),
    )
    yield "cells, empty", cells(lambda n, c: _code("", count=n))
    yield "cells, markdown", cells(lambda n, c: {"cell_type": "markdown", "metadata": {}, "source": "# a"})
    yield "cells, one", cells(lambda n, c: _code("x = 1", count=n + 1))
    yield "cells, sums", cells(lambda n, c: _code("x = x + 1", count=n + 1))
    yield "cells, chain", cells(lambda n, c: _code(f"a{n} = a{n - 1}", count=n + 1))
    yield "cells, missing", cells(lambda n, c: _code(f"print(b{n})", count=n + 1))
    yield "cells, one missing", cells(lambda n, c: _code("print(b)", count=n + 1))
    yield "cells, shuffled", cells(lambda n, c: _code(f"x = x + {n}", count=c.randint(1, 10**6)))
    yield (
        "cells, shuffled chain",
        cells(lambda n, c: _code(f"a{n} = a{n - 1} + a0", _stream("1"), count=c.randint(1, 10**6))),
    )
    yield "cells, backwards", cells(lambda n, c: _code(f"a{n} = a{n + 1}", _stream("1"), count=10**6 - n))
    yield "cells, same count", cells(lambda n, c: _code(f"a{n} = 1", _stream("1"), count=7))
    yield "cells, calling", cells(lambda n, c: _code(f"def f{n}(): return f{n - 1}() + x\nf{n}()", count=n + 1))
    yield "cells, mutating", cells(lambda n, c: _code("df['a'] = df['b']", _stream("1"), count=c.randint(1, 10**6)))
    yield "cells, imports", cells(lambda n, c: _code(f"import m{n}", count=n + 1))
    yield "cells, ids alike", cells(lambda n, c: {**_code("x"), "id": "aaaa"})
    yield "cells, secrets", cells(lambda n, c: _code(f'password = "{_word(c, 12)}"', count=n + 1))
    yield "cells, one secret", cells(lambda n, c: _code('password = "' + "kQ7w" + 'zP9xLm2v"', count=n + 1))
    yield "cells, errors", cells(lambda n, c: _code("x", {"output_type": "error", "ename": "NameError", "evalue": "name 'x' is not defined", "traceback": []}, count=n + 1))  # fmt: skip
    yield (
        "cells, copies",
        cells(lambda n, c: _code("def f(a):\n    return a + 1\nprint(f(2), f(3), f(4))", count=n + 1)),
    )
    yield "cells, silenced", cells(lambda n, c: _code(f"print(b{n})  # nbm: ignore[EX006] yes", count=n + 1))
    yield (
        "cells, tagged",
        cells(lambda n, c: {**_code(f"print(b{n})"), "metadata": {"tags": [f"nbm-ignore-EX00{n % 9}"]}}),
    )
    yield "tags", lambda size, c: _document([{**_code("x"), "metadata": {"tags": [f"nbm-ignore-EX{n}" for n in range(size // 20)]}}])  # fmt: skip
    yield "metadata, keys", lambda size, c: _document([_code("x")], rest={f"k{n}": "abcdef" for n in range(size // 18)})
    yield "metadata of a cell", lambda size, c: _document([{**_code("x"), "metadata": {f"k{n}": "abcdef" for n in range(size // 18)}}])  # fmt: skip
    yield "widgets", lambda size, c: _document(
        [_code("x")],
        widgets={"application/vnd.jupyter.widget-state+json": {"state": {
            f"{n:032x}": {"model_name": "HTMLModel", "state": {"value": f"{_word(c, 12)}", "description": "text"}}
            for n in range(size // 150)}}},
    )  # fmt: skip
    yield "attachments", lambda size, c: _document([{"cell_type": "markdown", "metadata": {}, "source": "a", "attachments": {
        f"a{n}.txt": {"text/plain": "YWJjZGVmZ2hpamtsbW5v"} for n in range(size // 45)}}])  # fmt: skip
    yield "pictures", lambda size, c: _document([_code("x", *[_shown("image/png", "iVBORw0KGgo" + _word(c, 80)) for _ in range(size // 190)])])  # fmt: skip
    yield "ignored fingerprints", lambda size, c: _document([_code("x")], nbm={"ignore": [f"{n:016x}" for n in range(size // 20)]})  # fmt: skip


KINDS: dict[str, Kind] = {
    **{f"printed {name}": printed(text) for name, text in TEXTS.items()},
    **{f"html {name}": html(text) for name, text in HTMLS.items()},
    **{f"code {name}": code(text) for name, text in CODES.items()},
    **{f"json {name}": kind for name, kind in _jsons()},
    **{f"markdown {name}": markdown(TEXTS[name]) for name in (
        "pipes", "pipes, tiny", "e-mails", "passwords", "homes", "data uris", "our comments", "run of blank", "words")},
    **{f"source {name}": code(TEXTS[name]) for name in (
        "passwords", "passwords, quoted", "e-mails", "phones, labelled", "run of a", "run of quote", "run of backslash",
        "run of break", "run of blank", "long words", "base64 words", "words", "commas")},
    **{f"notebook {name}": kind for name, kind in _whole()},
}  # fmt: skip
