"""Words around credentials: names that speak of one, names that only seem to, values that are none."""

from __future__ import annotations

from nb_mlops.knowledge import words

# What a name must end with, once its parts are joined: the value is a word that somebody thought of.
PASSWORDS = ("password", "passwd", "passphrase", "passcode", "pwd", "passwort", "motdepasse", "contrasena", "senha")
# ... or one that a machine drew. `key` alone promises nothing; with one of these before it, it does.
TOKENS = ("token", "secret", "apikey", "credential", "credentials", "bearer", "webhook")
KEYS = words(
    """
    access account admin api app application auth client consumer deploy encryption licence license master openai
    private role secret server service session shared signing storage subscription write
    """
)
# Parts of names behind which stands a word about a credential, and not one.
NOT_A_SECRET = words(
    """
    arn attention bos budget cache class cls column columns count counter csrf dict digest dim embedding
    encrypted endpoint env eos error expires expiry feature field file filename folder foreign format hash hashed header
    help hint id ids idx index indices input issuer label len length limit list manager map mask max message min
    model msg name names next num output pad page param params partition path pattern per policy primary prompt
    provider pub public question regex request response scope sep sha size sort special split start stop temp
    text timeout tokenizer tokens total ttl type types unk uri url usage used validator value values var
    variable vault version vocab word words
    """
)
# Parts of a value that is no secret but what one is called.
SECRETS_ARE_CALLED = words(
    "pass passwd password passphrase passcode pwd secret token key apikey credential credentials"
)
# Fixed texts by which a secret's name is found, before anything else is asked.
STEMS = ("pass", "pwd", "secret", "token", "key", "cred", "salt", "contrasena", "senha", "bearer", "webhook")
WEAK_PASSWORDS = words(
    """
    123 1234 12345 123456 12345678 123abc abc abc123 admin admin123 changeit changeme db_password default demo
    elastic empty foo foobar guest hidden letmein minioadmin my_password mypass mypassword mysecretpassword mysql
    neo4j none null p@ssw0rd pass pass123 passw0rd passwd password password1 password123 postgres pw pwd qwerty
    redacted removed root secret test test123 testing toor user username welcome xxx your_password yourpassword
    """
)
LOCAL_HOSTS = words("localhost 127.0.0.1 0.0.0.0 [::1] host.docker.internal db postgres mysql redis mongo rabbitmq")
