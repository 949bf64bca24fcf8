"""Secrets without a provider's format: by name, by structure, and hidden."""

from __future__ import annotations

import base64
import json
import time

import pytest
from helpers_tokens import token

from nb_mlops.analysis.images import image_texts
from nb_mlops.analysis.python import read_python
from nb_mlops.analysis.sensitive.collect import Hiding
from nb_mlops.analysis.sensitive.detect import find_secrets
from nb_mlops.analysis.sensitive.found import Kind
from nb_mlops.analysis.sensitive.hidden import joined
from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Confidence
from nb_mlops.core.notebook import Output, OutputKind
from nb_mlops.linter.rule import code, example, markdown, raised, result, stdout

WORD = "kT7" + "vQ2m" + "!Xw9z"
KEY = "9c41e7d05b8a4f36" + "a1d2f07c935e6b82"
URL = f"postgresql://app:{WORD.replace('!', '')}@db-3.harbour.io/crm"
HUB = token("hugging-face-token")


def values(text: str, is_code: bool = False) -> list[str]:
    return [text[match.start : match.end] for match in find_secrets(text, is_code)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (f'db_password = "{WORD}"', WORD),
        (f"connect(user='x', password='{WORD}')", WORD),
        (f'{{"retries": 3, "apiKey": "{KEY}"}}', KEY),
        (f'password: str = "{WORD}"', WORD),
        (f'os.environ["X_SECRET"] = "{KEY}"', KEY),
        (f"ZYTE_KEY = '{KEY}'", KEY),
        (f'# api_key = "{KEY}"', KEY),
        (f"%env MY_TOKEN={KEY}", KEY),
        (f"!tool --token {KEY} run", KEY),
        (f'setenv("SERVICE_TOKEN", "{KEY}")', KEY),
        (f"run(['mysql', '--password', '{WORD}', 'crm'])", WORD),
        (f"define( 'AUTH_TOKEN', '{KEY}', true )", KEY),
        (f"headers = [['X-Api-Key', '{KEY}']]", KEY),
        (f"engine = create_engine('{URL}')", WORD.replace("!", "")),
        (f"h = {{'Authorization': 'Bearer {KEY}'}}", KEY),
    ],
)
def test_a_secret_is_found_by_its_name_or_its_surroundings_in_code(text: str, value: str) -> None:
    assert values(text, is_code=True) == [value]


@pytest.mark.parametrize(
    "text",
    [
        "password = getpass()",
        "password = os.environ['PASSWORD']",
        "token = tokenizer.eos_token",
        "api_key = 'YOUR_API_KEY'",
        "password = 'changeme'",
        "secret = 'xxxxxxxxxxxxxxxx'",
        "token_type = 'a81bc81b-dead-4e5d-abff-90865d1e13b1'",
        "key = 'primary_key_of_the_table'",
        "key = 'd41d8cd98f00b204e9800998ecf8427e'",
        "PRIMARY_KEY = 'd41d8cd98f00b204e9800998ecf8427e'",
        "BUCKET_KEY = 'exports/2021/d41d8cd98f00b204e9800998ecf8427e'",
        "secret_path = '/run/secrets/db_pass9'",
        "password_field = 'input#pass9word'",
        "token = 'distilbert-base-uncased-v2'",
        "url = f'postgresql://{user}:{word}@db.harbour.io/x'",
        "url = 'postgresql://user:password@db.harbour.io/x'",
        "if (e.type==='password'===t9x.y) {}",
        "password = 'test-user-password'",
        "password_lookup = ['EMAIL_PASSWORD', 'SES_PASS']",
        "secret = 'Base32SecretKey'",
        "labels = {'password': 'รหัสผ่าน', 'MANDATORY_PASSWORD': '請提供新的密碼.'}",
        "password = 'letmein123'",
        "{'X-Goog-Credential': 'svc-prod-1%40harbour-prod.iam.gserviceaccount.com%2F20260101'}",
        "indeedcsrftoken = '9jhEqmZmhcNNcW2MhMYlcAJ6hs6h1WCN'",
        '{"featureSetToken": "9d1f0c2be7a84563f1d2e3c4b5a697887766a5b4"}',
        "# Second pass: re-evaluate only the promoted ones",
        "encrypted_key = 'Z6eD4UK_yFb5ZoKvKkGAdqywEG_m0e4IYo0x8Vf30LAM'",
        "commit = '83baae61804e65cc73a7201a7252750c76066a30'",
        "evaluation: Literal['PASS', 'NEEDS_IMPROVEMENT', 'FAIL']",
        "names = ['Reset-AADPassword-251021', '9a281046521343edb77ec4ff', 'vm-member']",
        "password = '123abc'",
        "models = (ChatTogether, 'TOGETHER_API_KEY', 'meta-llama/Llama-3.3-70B-Instruct-Turbo')",
        "models = (ChatFireworks, 'FIREWORKS_API_KEY', 'accounts/fireworks/models/llama-v3p3-70b-instruct')",
        "c = 'HOST=SERVER_NAME;PORT=1433;UID=ENTERPRISE_USER_ID;DATABASE=DB;PWD=ENTERPRISE_USER_SECRET;Trust=no'",
        "password = 'pass121'",
        "x = \"engine://username='&lt;username&gt;';password='&lt;password&gt;';alias='a'\"",
        "row = {'key': 'casc5-fl32936.jpg'}",
        "VT_KEY = 'VGhpcyBzaG91bGQgc2hvdyB5b3UgdGhlIHZhbHVlcyB0aGF0IHlvdSBnYXZl'",
        "integrity = 'sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC'",
    ],
)
def test_what_only_stands_where_a_secret_would_is_none(text: str) -> None:
    assert values(text, is_code=True) == []


@pytest.mark.parametrize(
    "text",
    [
        "password = _get_dict_value(data, 9)",
        "if password == that!!.password:",
        "update(password: :unset)",
        "$key = ASN1::asn1map($decoded[0])",
        "password: *passwd",
        "('--password', '--remote')",
        "expect('[sudo] password:\\nroot\\n')",
        "['The', 'pass'], ['pass', 'statement,'], ['statement,', 'serving']",
        "if ('key' in t ? 'Escape' === t.key:27===t.keyCode) i.deactivate()",
        'E("bad key: "+t);void 0===r[i][s[t].code]&&(r[i][s[t].code]=[]),r[i][s[t].code].push({f:e,k:27})}("x")',
        "http://localhost:8888/?token=49d4394bac446e291c6ddaf349c9dbff",
        f"https://s3.harbour.io/x.jpg?AWSAccessKeyId={token('aws-access-key-id')}&amp;Signature=JVXkGQcata%3D&Expires=1",
        "https://store.harbour.io/o/proj.png?alt=media&token=33f6322b-c723-42d2-bf0c-e44957683969",
        '{"applicationServerKey":"BI9OUsSDFiM7CXneYcSpxJEEzfqLO_dsW4a8hhx9HjYc9z1PbtNBMdiwAJMhsKVV"}',
    ],
)
def test_code_of_another_language_that_is_printed_holds_none(text: str) -> None:
    assert values(text) == []


def test_unquoted_words_are_values_in_what_is_printed_and_not_in_code() -> None:
    assert values(f"password={WORD}") == [WORD]
    assert values(f"password={WORD}", is_code=True) == []


@pytest.mark.parametrize("claims", [{"sub": "1", "iss": "https://login.harbour.io"}, {"role": "anon"}])
def test_a_web_token_is_one_unless_it_is_meant_to_be_public(claims: dict[str, str]) -> None:
    parts = [json.dumps(part).encode() for part in ({"alg": "HS256"}, claims)]
    text = ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts) + "." + KEY
    assert values(text) == ([] if "role" in claims else [text])


@pytest.mark.parametrize(
    "source",
    ['x = "{a}" + "{b}"', 'x = ("{a}"\n     "{b}")', "x = f\"{{'{a}'}}{{'{b}'}}\"", 'x = "".join(["{a}", "{b}"])'],
)
def test_literals_put_together_are_one_text(source: str) -> None:
    (one,) = joined(read_python(source.format(a=HUB[:9], b=HUB[9:])))
    assert (one.text, one.name, one.start.line) == (HUB, "x", 1)


def test_a_value_in_many_places_is_one_secret_with_all_of_them() -> None:
    hidden = base64.b64encode(f"token={HUB}".encode()).decode()
    cells = (
        code(f"t = '{HUB}'\nprint(t)", stdout(f"{HUB}\n")),
        markdown(f"`{HUB}`"),
        code("t", result("", text_html=f"<b>{HUB[:7]}</b>{HUB[7:]}"), raised("E", HUB)),
        code(f"blob = '{hidden}'"),
    )
    (secret,) = View(example(*cells, saved={"key": HUB}).notebook).secrets
    assert secret.value == HUB
    assert secret.hiding is Hiding.OPEN
    assert [place.label for place in secret.places] == [
        "code",
        "printed output",
        "markdown",
        "HTML output",
        "traceback",
        "code",
        "notebook metadata",
    ]


def test_the_claims_of_a_web_token_are_not_told_beside_it() -> None:
    parts = [json.dumps(part).encode() for part in ({"alg": "HS256"}, {"subject": f"api-key:{KEY}"})]
    text = ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts) + "." + KEY
    assert [one.value for one in View(example(code(f"x = '{text}'")).notebook).secrets] == [text]


def test_what_a_loaded_page_gives_to_all_its_visitors_is_told_without_alarm() -> None:
    page = f'<html><script>var api_key = "{KEY}"; load("{HUB}")</script></html>'
    for output in (stdout(page), result(page)):
        found = View(example(code("print(page)", output)).notebook).secrets
        assert [(one.value, one.match.confidence) for one in found] == [(KEY, Confidence.LOW), (HUB, Confidence.LOW)]
    own = View(example(code("print(page)", stdout(f"token={HUB}\n{page.replace(HUB, '')}"))).notebook).secrets
    assert [one.match.confidence for one in own] == [Confidence.HIGH, Confidence.LOW]


def test_the_text_of_a_picture_is_read_and_its_pixels_are_not() -> None:
    def chunk(name: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + name + body + b"\0\0\0\0"

    pixels = chunk(b"IDAT", f"token={HUB}".encode() + bytes(100_000))
    raw = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", bytes(13)) + pixels + chunk(b"tEXt", f"Comment\0{HUB}".encode())
    data = base64.b64encode(raw + chunk(b"IEND", b"")).decode()
    assert list(image_texts(data)) == [("Comment", HUB)]
    picture = Output(OutputKind.DISPLAY_DATA, {"image/png": data})
    (secret,) = View(example(code("plot()", picture)).notebook).secrets
    assert [span.part for span in secret.places[0].spans] == ["outputs/0/data/image~1png"]
    assert list(image_texts(data[:50])) == []


@pytest.mark.parametrize(
    "piece",
    [
        "password=",
        "://a:b",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIB",
        "eyJhbGciOiJIUzI1NiJ9.",
        "eyJ",
        "Cookie: session",
        "machine a login b ",
        "a:5432:",
        "Private-Lines: 1\n",
        "login('",
        "password>",
        "key='aA1!",
    ],
)
def test_a_hostile_text_takes_linear_time(piece: str) -> None:
    def seconds(size: int) -> float:
        text = piece * (size // len(piece))
        times = []
        for _ in range(3):
            start = time.process_time()
            find_secrets(text)
            times.append(time.process_time() - start)
        return min(times)

    assert seconds(80_000) < 10 * max(seconds(20_000), 0.002)


HASH = "N9qo8uLOickgx2ZMRZoMye" + "IjZAgcfl7p92ldGxad68LJZdL17lhWy"
SIGNS = "k(3x!v9_q=z&7" + "p@w)5t^r#2m+8" + "h$6j%1n*4b-0c" + "d<s>f]g[aX Q;"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (f"define('AUTH_KEY',   '{SIGNS}');", SIGNS),
        (f"define( 'DB_PASSWORD', '{WORD}' );", WORD),
        (f"<Pass>{WORD}</Pass>", WORD),
        (f'<ns:password encoding="none">{WORD}</ns:password>', WORD),
        (f"username 'ada'\npassword '{WORD}'\nstarttls required", WORD),
        (f"machine api.harbour.io login ada password {WORD}", WORD),
        (f"machine api.harbour.io\n  login ada\n  password {WORD}\n", WORD),
        (f"db-3.harbour.io:5432:*:app:{WORD}", WORD),
        (f"https://ada@harbour.io:{WORD}#@4@git.harbour.io", f"{WORD}#@4"),
        (f"export DB_PASSWORD={WORD}", WORD),
        (f'"smtp_password_v4": "{WORD}"', WORD),
        (f'{{"token": "v1.{KEY}"}}', f"v1.{KEY}"),
        (f"curl -sku 'ada:{WORD}' https://harbour.io", WORD),
        (f"!curl https://harbour.io \\\n  --user ada:{WORD} -o out", WORD),
        (f"%%sql\nCREATE USER ada IDENTIFIED BY '{WORD}';", WORD),
        (f"alter role ada with login password '{WORD}'", WORD),
        (f'{{"kty":"oct","alg":"HS256","k":"{KEY}{KEY[::-1]}"}}', f"{KEY}{KEY[::-1]}"),
        (f'{{\\"kty\\": \\"EC\\", \\"x\\": \\"f83OJ3D2\\", \\"d\\": \\"{KEY}-_A\\"}}', f"{KEY}-_A"),
        (f"PORT=1\nDB_PASSWORD=a&b,#{WORD}", f"a&b,#{WORD}"),
        (f"<password>R&{WORD}</password>", f"R&{WORD}"),
        (f"(1, 'ada', '$2b$12${HASH}')", f"$2b$12${HASH}"),
        (f"ada:$apr1$tp8glkbm${HASH[:22]}", f"$apr1$tp8glkbm${HASH[:22]}"),
        (f"ada:$6$rounds=5000$LnUhhUi4${HASH}{HASH[:33]}:17431:0:", f"$6$rounds=5000$LnUhhUi4${HASH}{HASH[:33]}"),
        (f"'sha1:{KEY[:12]}:{KEY}{KEY[:8]}'", f"sha1:{KEY[:12]}:{KEY}{KEY[:8]}"),
    ],
)
def test_a_secret_is_found_in_the_lines_that_programs_keep_it_in(text: str, value: str) -> None:
    assert values(text) == [value]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (f"SECRET_KEY = '{SIGNS}'", SIGNS),
        (f"server.login('ada', '{WORD}')", WORD),
        ("server.login('ada', '" + "kqwz mvpx " + "trbn hjdl')", "kqwz mvpx " + "trbn hjdl"),
        (f'requests.get(url, auth=("ada", "{WORD}"))', WORD),
        (f"HTTPBasicAuth('ada', '{WORD}')", WORD),
        (f'open(".env", "w").write("DB_PASSWORD={WORD}\\nPORT=1")', WORD),
        (f'env = """\nPORT=1\nexport DB_PASSWORD={WORD}\n"""', WORD),
    ],
)
def test_a_secret_is_found_in_code_that_writes_such_lines_or_logs_in(text: str, value: str) -> None:
    assert values(text, is_code=True) == [value]


@pytest.mark.parametrize(
    "text",
    [
        "machine learning login page password reset",
        "machine HOST login USER password YOUR_PASSWORD",
        "main.py:5432:a:b: too long",
        "12:30:*:a:b",
        "the password 'k9-unit' opens the door",
        "<password>your-password</password>\n<token>word</token>",
        "<b>password</b> <i>abc123</i>",
        "curl -u user:password https://harbour.io; curl -u $USER:$PASSWORD9 https://harbour.io",
        "curl https://harbour.io\nls -u a:b4c4d4e4",
        "create user ada identified by values",
        'fill in the password, identified by "user-7"',
        '{"kty": "EC", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"}',
        '{"kty": "RSA"} and {"d": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"}',
        "$2.50 or $1$ a piece, scheme '$2b$12$', $6$ each",
        "sha1:" + KEY[:12],
        "salt = 'a pinch of sea salt, 3 g [or more] (to taste), & pepper; 2 cups!'",
        "key = \"lambda x: (x['name'], -x['size'], x['id'] + 1) if x else None, 0\"",
        "http://host:8080 mails ada@harbour.io",
    ],
)
def test_lines_that_only_look_like_such_records_hold_none(text: str) -> None:
    assert values(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "page.login('#user-name', '#password-2')",
        "auth=('user', 'password')",
        "auth=('user', os.environ['X'])",
        "fig.add_auth('a', 'b c d 1 2 3')",
        "SECRET_KEY=other_variable",
        "login('https://a.b/c1', 'https://a.b/c2')",
    ],
)
def test_code_that_only_looks_like_a_login_holds_none(text: str) -> None:
    assert values(text, is_code=True) == []


def test_prose_below_the_first_line_of_a_key_is_no_key_whatever_its_letters_decode_to() -> None:
    begin = "-----BEGIN " + "PRIVATE KEY-----"
    assert not find_secrets(
        f"{begin}\nlanguages and their kernels, as the header above says, come without any end of it"
    )


def test_a_pgp_key_is_known_by_its_first_byte() -> None:
    body = base64.b64encode(b"\x95" + bytes(range(120))).decode()
    text = f"-----BEGIN PGP PRIVATE {'KEY'} BLOCK-----\n\n{body}\n-----END PGP PRIVATE {'KEY'} BLOCK-----"
    (found,) = find_secrets(text)
    assert (found.kind, found.confidence) == (Kind.PRIVATE_KEY, Confidence.HIGH)


def test_the_private_half_of_a_putty_key_is_found_and_the_public_one_is_not() -> None:
    half = "\n".join([f"AAAAB3NzaC1yc2EAAA{KEY}ADAQABAAABgQ"] * 2)
    head = f"PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nComment: a\nPublic-Lines: 2\n{half}\n"
    assert values(head) == []
    found = "\n".join([f"hOVZzLmWq8{KEY.upper()}9sKpQ0vXrT", f"YbN4c{KEY[:20]}uJdR7wEfGaIiOoPp=="])
    assert values(f"{head}Private-Lines: 2\n{found}\nPrivate-MAC: {KEY}") == [found]
