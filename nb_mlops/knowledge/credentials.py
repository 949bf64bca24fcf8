"""Words around credentials: names that speak of one, names that only seem to, values that are none."""

from __future__ import annotations

from nb_mlops.knowledge import words

# What a name must end with, once its parts are joined: the value is a word that somebody thought of.
PASSWORDS = ("password", "passwd", "passphrase", "passcode", "pwd", "passwort", "motdepasse", "contrasena", "senha")
# ... or one that a machine drew.
TOKENS = (
    "token",
    "secret",
    "apikey",
    "accesskey",
    "secretkey",
    "privatekey",
    "accountkey",
    "encryptionkey",
    "signingkey",
    "appkey",
    "applicationkey",
    "adminkey",
    "masterkey",
    "servicekey",
    "sharedkey",
    "subscriptionkey",
    "consumerkey",
    "clientkey",
    "authkey",
    "licensekey",
    "licencekey",
    "deploykey",
    "sessionkey",
    "serverkey",
    "rolekey",
    "writekey",
    "storagekey",
    "openaikey",
    "credential",
    "credentials",
    "bearer",
    "webhook",
    "sharedaccesskey",
    "primarykey2",
)
# Parts of names behind which stands a word about a credential, and not one.
NOT_A_SECRET = words(
    """
    arn attention auth_url bos budget cache class cls column columns count counter csrf dict digest dim embedding endpoint
    env eos error expires expiry field file filename folder foreign format hash header help hint id idx ids index indices
    input issuer key_name label len length limit list manager map mask max message min model msg name names next num output
    pad page param params partition path pattern per policy primary prompt provider public pub question regex request
    response scope sep sha size sort special split start stop temp text timeout tokenizer tokens total ttl type types unk
    uri url used usage validator value values var variable vault version vocab word words
    """
)
# Fixed texts by which a secret's name is found, before anything else is asked.
STEMS = ("pass", "pwd", "secret", "token", "key", "cred", "contrasena", "senha", "bearer", "webhook")
WEAK_PASSWORDS = words(
    """
    123 1234 12345 123456 12345678 admin admin123 changeit changeme default demo empty foo foobar guest hidden letmein mypass
    mypassword mysecretpassword none null pass pass123 passwd password password1 password123 postgres pw pwd qwerty root
    secret test test123 testing toor user username welcome xxx yourpassword your_password my_password db_password mysql
    minioadmin neo4j elastic redacted removed passw0rd p@ssw0rd
    """
)
LOCAL_HOSTS = words("localhost 127.0.0.1 0.0.0.0 [::1] host.docker.internal db postgres mysql redis mongo rabbitmq")
