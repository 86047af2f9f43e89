#!/usr/bin/env python3
"""Makes the exports of other programs that the tests read: by Python's cryptography and by libsodium, so that what
the readers open was not sealed by themselves. Needs python3-cryptography (44 or later) and libsodium23.

Every program gets the same clients as far as it can hold them. The passwords are PASSWORD; the settings of the key
derivations are low where the format leaves them open, because the tests open each file thousands of times. Run it in
this folder; `zip -q -P proba raivo.zip raivo-otp-export.json` makes the archive."""
import base64, ctypes, ctypes.util, hashlib, hmac, json, struct
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from cryptography.hazmat.primitives.padding import PKCS7

PASSWORD = "Árvíztűrő 12".encode()
b64 = lambda b: base64.b64encode(b).decode()


def noise(name, n):
    """Bytes that are the same each time."""
    return hashlib.shake_256(name.encode()).digest(n)


def write(name, data):
    if not isinstance(data, (bytes, str)):
        data = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    open(name, "wb").write(data if isinstance(data, bytes) else data.encode())


PORTAL = "Ügyfélkapu+"
# kind, name, service, secret, algorithm, digits, period or counter, folder, note, favourite
CLIENTS = [
    ("totp", "Kovács & Társa Kft.", PORTAL, "JBSWY3DPEHPK3PXP", "SHA1", 6, 30, "Kft-k", "Kedden hív.\n„fontos”", True),
    ("totp", "Őrség, \"Zöld\" Bt.", "Bank", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "SHA256", 8, 60, "Bt-k", "", False),
    ("hotp", "Szabó_Zrt.", PORTAL, "MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43U", "SHA512", 7, 41, "Kft-k", "", False),
    ("steam", "gyuri", "Steam", "KRUGKIDROVUWG2ZAMJZG653O", "SHA1", 5, 30, "", "", False),
    ("totp", "Kovács & Társa Kft.", PORTAL, "ONSWG4TFOQQGWZLZ", "SHA1", 6, 30, "", "", False),
    ("totp", "Rossz kulcs Kft.", PORTAL, "A1B0", "SHA1", 6, 30, "", "", False),
    ("totp", "Sok jegy Kft.", PORTAL, "NBSWY3DPEB3W64TM", "SHA1", 99, 30, "", "", False),
    ("totp", "Nulla időablak Kft.", PORTAL, "NBSWY3DPEB3W64TM", "SHA1", 6, 0, "", "", False),
    ("hotp", "Mínusz Kft.", PORTAL, "NBSWY3DPEB3W64TM", "SHA1", 6, -1, "", "", False),
    ("totp", "Hosszú kulcs Kft.", PORTAL, "A" * 1100, "SHA1", 6, 30, "", "", False),
    ("totp", "Üres kulcs Kft.", PORTAL, "", "SHA1", 6, 30, "", "", False),
    ("totp", "", "", "NBSWY3DPEB3W64TM", "SHA1", 6, 30, "", "", False),
]
FOLDERS = {"Kft-k": "0c8d6a1e-0001", "Bt-k": "0c8d6a1e-0002"}


def uri(c):
    from urllib.parse import quote
    kind, name, service, secret, algorithm, digits, number, *_ = c
    label = quote(service + ":" + name) if service else quote(name)
    which = "counter" if kind == "hotp" else "period"
    return f"otpauth://{kind}/{label}?secret={secret}&issuer={quote(service)}&algorithm={algorithm}&digits={digits}&{which}={number}"


def gcm(key, nonce, plain, about=None):
    return AESGCM(key).encrypt(nonce, plain, about)


# Aegis
entries = []
for kind, name, service, secret, algorithm, digits, number, folder, note, favourite in CLIENTS:
    info = {"secret": secret, "algo": algorithm, "digits": digits, "counter" if kind == "hotp" else "period": number}
    entries.append({"type": kind, "uuid": "e", "name": name, "issuer": service, "note": note, "favorite": favourite,
                    "icon": None, "info": info, "groups": [FOLDERS[folder]] if folder else []})
entries.append({"type": "motp", "name": "Más fajta", "issuer": "X", "info": {"secret": "e3152afee62599c8", "algo": "MD5", "digits": 6, "period": 10, "pin": "1234"}})
entries.append({"type": "totp", "name": 7, "issuer": "Nem szöveg a neve", "info": {"secret": "NBSWY3DPEB3W64TM"}})
entries.append("nem bejegyzés")
db = {"version": 3, "entries": entries, "groups": [{"uuid": u, "name": n} for n, u in FOLDERS.items()], "icons_optimized": True}
write("aegis.json", {"version": 1, "header": {"slots": None, "params": None}, "db": db})


def slot(password, n, master, which):
    salt, nonce = noise("aegis salt" + which, 32), noise("aegis nonce" + which, 12)
    box = gcm(hashlib.scrypt(password, salt=salt, n=n, r=8, p=1, dklen=32, maxmem=1 << 28), nonce, master)
    return {"type": 1, "uuid": which, "key": box[:-16].hex(), "key_params": {"nonce": nonce.hex(), "tag": box[-16:].hex()},
            "n": n, "r": 8, "p": 1, "salt": salt.hex(), "repaired": True, "is_backup": False}


master, nonce = noise("aegis master", 32), noise("aegis db", 12)
box = gcm(master, nonce, json.dumps(db).encode())
write("aegis-encrypted.json", {"version": 1, "header": {
    "slots": [{"type": 2, "uuid": "finger", "key": "00", "key_params": {"nonce": "00", "tag": "00"}},
              slot(b"the backup's own", 16, master, "b"), slot(PASSWORD, 32, master, "a")],
    "params": {"nonce": nonce.hex(), "tag": box[-16:].hex()}}, "db": b64(box[:-16])})

# 2FAS
services = []
for kind, name, service, secret, algorithm, digits, number, folder, *_ in CLIENTS:
    otp = {"account": name, "label": name, "issuer": service, "digits": digits, "algorithm": algorithm,
           "tokenType": kind.upper(), "source": "Link", "counter" if kind == "hotp" else "period": number}
    services.append({"name": service, "secret": " ".join(secret[i:i + 4] for i in range(0, len(secret), 4)),
                     "updatedAt": 1, "otp": otp, "order": {"position": 0}} | ({"groupId": FOLDERS[folder]} if folder else {}))
services.append({"name": "Átnevezett Kft.", "secret": "JBSWY3DPEHPK3PXP", "otp": {"account": "atnevezett", "issuer": PORTAL, "tokenType": "TOTP"}})
services.append({"name": "Kézzel felvett Kft.", "secret": "PEHPK3PXJBSWY3DP", "otp": {"source": "Manual"}})
head = {"updatedAt": 1, "schemaVersion": 4, "appVersionCode": 5000009, "appVersionName": "5.1.0", "appOrigin": "android",
        "groups": [{"id": u, "name": n, "isExpanded": True} for n, u in FOLDERS.items()]}
write("2fas.json", {"services": services} | head)
salt = noise("2fas salt", 256)
key = hashlib.pbkdf2_hmac("sha256", PASSWORD, salt, 10000)
def three(name, plain):
    iv = noise(name, 12)
    return ":".join(map(b64, (gcm(key, iv, plain), salt, iv)))
write("2fas-encrypted.json", {"services": [], "servicesEncrypted": three("2fas iv", json.dumps(services).encode()),
                              "reference": three("2fas reference", b"a known text")} | head | {"schemaVersion": 3})

# andOTP
items = []
for kind, name, service, secret, algorithm, digits, number, folder, *_ in CLIENTS:
    items.append({"secret": secret, "issuer": service, "label": name, "digits": digits, "type": kind.upper(), "algorithm": algorithm,
                  "thumbnail": "Default", "last_used": 0, "used_frequency": 0, "tags": [folder, "x"] if folder else [],
                  "counter" if kind == "hotp" else "period": number})
items.append({"secret": "PEHPK3PXJBSWY3DP", "label": "Bank - Bank:Régi Kft.", "digits": 6, "type": "TOTP", "algorithm": "SHA1", "tags": []})
write("andotp.json", json.dumps(items, ensure_ascii=False))
plain = json.dumps(items).encode()
salt, nonce = noise("andotp salt", 12), noise("andotp nonce", 12)
write("andotp.bin", struct.pack(">i", 1000) + salt + nonce + gcm(hashlib.pbkdf2_hmac("sha1", PASSWORD, salt, 1000, 32), nonce, plain))
nonce = noise("andotp old", 12)
write("andotp-old.bin", nonce + gcm(hashlib.sha256(PASSWORD).digest(), nonce, plain))

# Bitwarden
items = []
for n, c in enumerate(CLIENTS):
    kind, name, service, secret, algorithm, digits, number, folder, note, favourite = c
    totp = "steam://" + secret if kind == "steam" else secret if n == 4 else uri(c)
    items.append({"id": "i", "organizationId": None, "folderId": FOLDERS.get(folder), "type": 1, "name": name, "notes": note or None,
                  "favorite": favourite, "fields": [{"name": "header", "value": "x", "type": 0}], "collectionIds": None,
                  "login": {"uris": None, "username": "kp-" + str(n), "password": "portal password", "totp": totp or None}})
items += [
    {"type": 1, "name": "Kód nélkül", "login": {"username": "x", "password": "portal password", "totp": None}},
    {"type": 2, "name": "Jegyzet", "notes": "x", "secureNote": {"type": 0}},
    {"type": 3, "name": "Kártya", "card": {"number": "4111111111111111"}},
    {"type": 1, "name": "Kukában", "deletedDate": "2026-01-01T00:00:00Z", "login": {"totp": "JBSWY3DPEHPK3PXP"}},
    {"type": 1, "name": "Más link", "login": {"totp": "https://example.com/totp"}},
]
vault = {"encrypted": False, "folders": [{"id": u, "name": n} for n, u in FOLDERS.items()], "items": items}
write("bitwarden.json", vault)


def bitwarden(name, key, settings):
    expand = lambda purpose: HKDFExpand(hashes.SHA256(), 32, purpose).derive(key)

    def sealed(which, plain):
        iv, pad = noise(name + which, 16), PKCS7(128).padder()
        text = Cipher(algorithms.AES(expand(b"enc")), modes.CBC(iv)).encryptor().update(pad.update(plain) + pad.finalize())
        return "2." + "|".join(map(b64, (iv, text, hmac.digest(expand(b"mac"), iv + text, "sha256"))))
    write(name, {"encrypted": True, "passwordProtected": True, "salt": b64(noise("bitwarden", 16))} | settings |
          {"encKeyValidation_DO_NOT_EDIT": sealed("validation", b"d3b07384-d113-4ec6"), "data": sealed("data", json.dumps(vault).encode())})


salt = b64(noise("bitwarden", 16)).encode()
bitwarden("bitwarden-pbkdf2.json", hashlib.pbkdf2_hmac("sha256", PASSWORD, salt, 5000), {"kdfType": 0, "kdfIterations": 5000})
bitwarden("bitwarden-argon2.json", Argon2id(salt=hashlib.sha256(salt).digest(), length=32, iterations=2, lanes=4, memory_cost=1024).derive(PASSWORD),
          {"kdfType": 1, "kdfIterations": 2, "kdfMemory": 1, "kdfParallelism": 4})
write("bitwarden-account.json", {"encrypted": True, "encKeyValidation_DO_NOT_EDIT": "2.AA==|AA==|AA==", "folders": [],
                                 "items": [{"type": 1, "name": "2.AA==|AA==|AA==", "login": {"totp": "2.AA==|AA==|AA=="}}]})

# FreeOTP+
tokens = []
for kind, name, service, secret, algorithm, digits, number, *_ in CLIENTS:
    try:
        secret = [b - 256 if b > 127 else b for b in base64.b32decode(secret)]
    except ValueError:
        continue  # it keeps bytes
    tokens.append({"algo": algorithm, "counter": number if kind == "hotp" else 0, "digits": digits, "issuerExt": service, "issuerInt": service,
                   "label": name, "period": 30 if kind == "hotp" else number, "secret": secret, "type": "HOTP" if kind == "hotp" else "TOTP"})
tokens.append(tokens[0] | {"labelAlt": "Átnevezett Kft.", "issuerAlt": "Kapu"})
write("freeotp.json", {"tokenOrder": [t["issuerExt"] + ":" + t["label"] for t in tokens], "tokens": tokens})

# Proton Authenticator
entries = []
for c in CLIENTS:
    content = {"uri": "steam://" + c[3] if c[0] == "steam" else uri(c), "entry_type": "Steam" if c[0] == "steam" else "Totp", "name": c[1]}
    entries.append({"id": "e", "content": content, "note": c[8] or None})
write("proton.json", {"version": 1, "entries": entries})
salt, nonce = noise("proton salt", 16), noise("proton nonce", 12)
key = Argon2id(salt=salt, length=32, iterations=2, lanes=1, memory_cost=19 * 1024).derive(PASSWORD)
write("proton-encrypted.json", {"version": 1, "salt": b64(salt),
                                "content": b64(nonce + gcm(key, nonce, json.dumps({"version": 1, "entries": entries}).encode(), b"proton.authenticator.export.v1"))})

# Ente Auth, by libsodium: its stream and its Argon2id. The header is random, so these files are new each time.
sodium = ctypes.CDLL(ctypes.util.find_library("sodium"))
assert sodium.sodium_init() >= 0
size_t, ull = ctypes.c_size_t, ctypes.c_ulonglong


def push(key, plain, tag):
    state, header = ctypes.create_string_buffer(64), ctypes.create_string_buffer(24)
    sodium.crypto_secretstream_xchacha20poly1305_init_push(state, header, key)
    out = ctypes.create_string_buffer(len(plain) + 17)
    sodium.crypto_secretstream_xchacha20poly1305_push(state, out, None, plain, ull(len(plain)), None, ull(0), ctypes.c_ubyte(tag))
    return header.raw, out.raw


salt, memory, passes = noise("ente", 16), 1 << 20, 2
key = ctypes.create_string_buffer(32)
assert sodium.crypto_pwhash(key, ull(32), PASSWORD, ull(len(PASSWORD)), salt, ull(passes), size_t(memory), 2) == 0
header, text = push(key.raw, open("ente.txt", "rb").read(), 3)
write("ente-encrypted.json", {"version": 1, "kdfParams": {"memLimit": memory, "opsLimit": passes, "salt": b64(salt)},
                              "encryptedData": b64(text), "encryptionNonce": b64(header)})

# Chunks of every remainder, of all four tags: tag, key, header, chunk, text.
lines = []
for n in list(range(34)) + [64, 127, 1000]:
    for tag in range(4):
        key, plain = noise("stream" + str(n), 32), noise("text" + str(n), n)
        header, text = push(key, plain, tag)
        lines.append(" ".join([str(tag)] + [x.hex() or "-" for x in (key, header, text, plain)]))
write("secretstream.txt", "\n".join(lines) + "\n")

# Stratum
KINDS = {"hotp": 1, "totp": 2, "steam": 4}
stratum = {"Authenticators": [
    {"Type": KINDS[kind], "Icon": "default", "Issuer": service, "Username": name or None, "Secret": secret, "Pin": None,
     "Algorithm": ["SHA1", "SHA256", "SHA512"].index(algorithm), "Digits": digits, "Period": 30 if kind == "hotp" else number,
     "Counter": number if kind == "hotp" else 0, "CopyCount": 0, "Ranking": n}
    for n, (kind, name, service, secret, algorithm, digits, number, *_) in enumerate(CLIENTS)]
    + [{"Type": 3, "Issuer": "X", "Username": "Más fajta", "Secret": "e3152afee62599c8", "Pin": "1234", "Algorithm": 0, "Digits": 6, "Period": 10, "Counter": 0}],
    "Categories": [{"Id": u, "Name": n, "Ranking": 0} for n, u in FOLDERS.items()],
    "AuthenticatorCategories": [{"CategoryId": FOLDERS[c[7]], "AuthenticatorSecret": c[3], "Ranking": 0} for c in CLIENTS if c[7]]
    + [{"CategoryId": FOLDERS["Bt-k"], "AuthenticatorSecret": CLIENTS[0][3], "Ranking": 0}], "CustomIcons": []}
write("stratum.json", json.dumps(stratum, ensure_ascii=False, separators=(",", ":")))
plain = json.dumps(stratum, separators=(",", ":")).encode()
salt, nonce = noise("stratum salt", 16), noise("stratum nonce", 12)
write("stratum.bin", b"AUTHENTICATORPRO" + salt + nonce
      + gcm(Argon2id(salt=salt, length=32, iterations=3, lanes=4, memory_cost=64 * 1024).derive(PASSWORD), nonce, plain))


def cbc(key, iv, plain):
    pad = PKCS7(128).padder()
    return Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor().update(pad.update(plain) + pad.finalize())


salt, iv = noise("stratum legacy salt", 20), noise("stratum legacy iv", 16)
write("stratum-legacy.bin", b"AuthenticatorPro" + salt + iv + cbc(hashlib.pbkdf2_hmac("sha1", PASSWORD, salt, 64000, 32), iv, plain))

# The browser extension Authenticator
uuid = lambda n: f"00000000-0000-4000-8000-{n:012x}"
extension = {}
for n, (kind, name, service, secret, algorithm, digits, number, folder, note, favourite) in enumerate(CLIENTS):
    x = {"account": name, "encrypted": False, "hash": uuid(n), "index": n, "issuer": service, "type": kind, "secret": secret,
         "dataType": "OTPStorage", "digits": digits, "algorithm": algorithm, "pinned": favourite}
    x["counter" if kind == "hotp" else "period"] = number
    extension[uuid(n)] = x
extension[uuid(90)] = {"account": "Hexa Kft.", "encrypted": False, "hash": uuid(90), "index": 90, "issuer": "X::x.invalid", "type": "hex",
                       "secret": "48656c6c6f21deadbeef", "dataType": "OTPStorage"}
extension[uuid(91)] = {"account": "Csata Kft.", "encrypted": False, "hash": uuid(91), "index": 91, "type": "battle",
                       "secret": "JBSWY3DPEHPK3PXP", "dataType": "OTPStorage"}
write("extension.json", json.dumps(extension, ensure_ascii=False, indent=2).replace("\n", "\r\n"))


def salted(name, plain, password):
    """OpenSSL's form, as CryptoJS writes it."""
    salt, made, last = noise(name, 8), b"", b""
    while len(made) < 48:
        last = hashlib.md5(last + password + salt).digest()
        made += last
    return b64(b"Salted__" + salt + cbc(made[:32], made[32:48], plain))


argon = lambda salt, value: base64.b64encode(Argon2id(salt=salt, length=32, iterations=2, lanes=1, memory_cost=19 * 1024).derive(value)).rstrip(b"=")
salt, salt2 = b"1f2e3d4c5b6a79881f2e3d4c", b"99aabbccddeeff0011223344"
key = argon(salt, PASSWORD)
sealed = {uuid(n): {"dataType": "EncOTPStorage", "keyId": uuid(99), "index": n,
                    "data": salted("extension" + str(n), json.dumps(x).encode(), key)} for n, x in enumerate(extension.values())}
sealed[uuid(99)] = {"dataType": "Key", "id": uuid(99), "salt": salt.decode(), "version": 3,
                    "hash": "$argon2id$v=19$m=19456,t=2,p=1$" + b64(salt2).rstrip("=") + "$" + argon(salt2, key).decode()}
write("extension-3.json", sealed)
raw = noise("extension key", 32)
older = {h: x | {"encrypted": True, "secret": salted("extension 2" + h, x["secret"].encode(), raw.hex().encode())} for h, x in extension.items()}
write("extension-2.json", older | {"key": {"enc": salted("extension enc", raw, PASSWORD), "hash": "x"}})
write("extension-1.json", {h: x | {"encrypted": True, "secret": salted("extension 1" + h, x["secret"].encode(), PASSWORD)} for h, x in extension.items()})

# winauth.xml
from xml.sax.saxutils import escape


def winauth_secret(c):
    kind, name, service, secret, algorithm, digits, number, *_ = c
    try:
        raw = base64.b32decode(secret).hex()
    except ValueError:
        return None
    period = 30 if kind == "hotp" else number
    # It counts the last code, and keeps other things behind the bars of a Steam authenticator.
    return f"{raw}\t{digits}\t{algorithm}\t{period}" + {"hotp": f"|{number - 1}", "steam": "|" + b"serial".hex() + "|||"}.get(kind, "")


def winauth_data(secret):
    return f"<servertimediff>-371</servertimediff><lastservertime>0</lastservertime><secretdata>{secret}</secretdata>"


WINAUTH = {"totp": "GoogleAuthenticator", "hotp": "HOTPAuthenticator", "steam": "SteamAuthenticator"}
def winauth_entries(seal):
    out = ""
    for n, c in enumerate(CLIENTS):
        if (secret := winauth_secret(c)) is not None:
            out += (f'<WinAuthAuthenticator id="{uuid(n)}" type="WinAuth.{WINAUTH[c[0]]}"><name>{escape(c[2] + ":" + c[1] if c[2] else c[1])}</name>'
                    f"<created>0</created><autorefresh>true</autorefresh>{seal(n, winauth_data(secret))}</WinAuthAuthenticator>")
    return out


def blowfish(name, plain):
    salt, inner = noise(name + " salt", 8), noise(name + " inner", 8)
    key = hashlib.pbkdf2_hmac("sha1", PASSWORD, inner, 2000, 256)
    pad = 8 - len(plain) % 8
    text = Blowfish72(key).encrypt(plain + noise(name + " pad", pad - 1) + bytes([pad]))
    return (b"WINAUTH3" + salt + hashlib.sha256(salt + plain).digest() + inner + text).hex().upper()


class Blowfish72:
    """Blowfish with a key of up to 72 bytes, which the usual libraries refuse. Its tables are the digits of pi."""
    P, S = None, None

    def __init__(self, key):
        if self.P is None:
            Blowfish72.P, Blowfish72.S = pi_tables()
        self.p = [x ^ int.from_bytes(bytes(key[(4 * i + j) % len(key)] for j in range(4)), "big") for i, x in enumerate(self.P)]
        self.s = [row[:] for row in self.S]
        l = r = 0
        for table in [self.p] + self.s:
            for i in range(0, len(table), 2):
                l, r = self.block(l, r)
                table[i], table[i + 1] = l, r

    def block(self, l, r):
        s, p = self.s, self.p
        for i in range(16):
            l ^= p[i]
            f = (s[0][l >> 24] + s[1][l >> 16 & 255] & 0xffffffff) ^ s[2][l >> 8 & 255]
            r ^= f + s[3][l & 255] & 0xffffffff
            l, r = r, l
        l, r = r, l
        return l ^ p[17], r ^ p[16]

    def encrypt(self, data):
        out = b""
        for i in range(0, len(data), 8):
            l, r = self.block(int.from_bytes(data[i:i + 4], "big"), int.from_bytes(data[i + 4:i + 8], "big"))
            out += l.to_bytes(4, "big") + r.to_bytes(4, "big")
        return out


def pi_tables():
    """The binary digits of pi's fraction, by Machin's formula."""
    words, extra = 18 + 4 * 256, 64
    one = 1 << 32 * words + extra

    def arctan(x):
        total = term = one // x
        n, sign = 3, -1
        while term:
            term //= x * x
            total += sign * (term // n)
            n, sign = n + 2, -sign
        return total
    fraction = ((4 * (4 * arctan(5) - arctan(239))) - 3 * one) >> extra
    all_words = [fraction >> 32 * (words - 1 - i) & 0xffffffff for i in range(words)]
    return all_words[:18], [all_words[18 + 256 * i:18 + 256 * (i + 1)] for i in range(4)]


assert Blowfish72(bytes(8)).encrypt(bytes(8)).hex() == "4ef997456198dd78"  # of the authors' vectors
head = '<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<WinAuth version="3.6"><alwaysontop>false</alwaysontop><usetrayicon>true</usetrayicon>'
plain = winauth_entries(lambda n, data: f"<authenticatordata>{data}</authenticatordata>")
write("winauth.xml", head + plain + "</WinAuth>\n")
inner = ("\ufeff" + '<?xml version="1.0" encoding="utf-8"?><config>' + plain + "</config>").encode()
write("winauth-password.xml", head + '<data encrypted="y" sha1="00">' + blowfish("winauth", inner) + "</data></WinAuth>\n")
write("winauth-entries.xml", head + winauth_entries(lambda n, data: '<authenticatordata encrypted="y">' + blowfish(
    "winauth" + str(n), f"<authenticatordata>{data}</authenticatordata>".encode()) + "</authenticatordata>") + "</WinAuth>\n")

# LastPass Authenticator
write("lastpass.json", {"deviceId": "", "deviceSecret": "", "localDeviceId": uuid(1), "deviceName": "x", "version": 3, "accounts": [
    {"accountID": uuid(n), "issuerName": c[2], "originalIssuerName": c[2], "userName": c[1], "originalUserName": "eredeti" if n == 1 else c[1],
     "pushNotification": False, "secret": c[3], "timeStep": c[6], "digits": c[5], "creationTimestamp": 1, "isFavorite": c[9], "algorithm": c[4],
     "folderData": {"folderId": list(FOLDERS).index(c[7]) + 1 if c[7] else 0, "position": 0}} for n, c in enumerate(CLIENTS) if c[0] == "totp"],
    "folders": [{"id": n + 1, "name": name, "isOpened": True} for n, name in enumerate(FOLDERS)]})

# 2FAuth
write("2fauth.json", {"app": "2fauth_v5.4.3", "schema": 1, "datetime": "2026-01-01T00:00:00.000000Z", "data": [
    {"otp_type": {"steam": "steamtotp"}.get(c[0], c[0]), "account": c[1], "service": c[2], "icon": None, "icon_mime": None, "icon_file": None,
     "secret": c[3], "digits": c[5], "algorithm": c[4].lower(), "period": None if c[0] == "hotp" else c[6],
     "counter": c[6] if c[0] == "hotp" else None, "legacy_uri": uri(c)} for c in CLIENTS]})

# Raivo OTP: the archive by `zip -P`, see README
write("raivo-otp-export.json", json.dumps([
    {"issuer": c[2], "account": c[1], "secret": c[3], "algorithm": c[4], "digits": str(c[5]), "kind": c[0].upper(), "timer": str(30 if c[0] == "hotp" else c[6]),
     "counter": str(c[6] if c[0] == "hotp" else 0), "iconType": "", "iconValue": "", "pinned": "true" if c[9] else "false"}
    for c in CLIENTS if c[0] != "steam"], ensure_ascii=False))

# FreeOTP 2: a map that Java serialises
signed = lambda data: [b - 256 if b > 127 else b for b in data]


def java_sealed(name, key, plain, about):
    nonce = noise(name, 12)
    return {"mCipher": "AES/GCM/NoPadding", "mCipherText": signed(gcm(key, nonce, plain, about.encode())),
            "mParameters": signed(bytes([48, 17, 4, 12]) + nonce + bytes([2, 1, 16])), "mToken": about}


def java_text(s):
    data = b"".join(b"\xc0\x80" if u == 0 else chr(u).encode("utf-8", "surrogatepass")
                    for u in struct.unpack(f">{len(s.encode('utf-16-be')) // 2}H", s.encode("utf-16-be")))
    return (b"t" + struct.pack(">H", len(data)) if len(data) < 1 << 16 else b"|" + struct.pack(">Q", len(data))) + data


master, salt = noise("freeotp master", 32), noise("freeotp salt", 32)
texts = {"masterKey": {"mAlgorithm": "PBKDF2withHmacSHA512", "mIterations": 1000, "mSalt": signed(salt), "mEncryptedKey": java_sealed(
    "freeotp mk", hashlib.pbkdf2_hmac("sha512", PASSWORD, salt, 1000, 32), master, "AES")}}
for n, t in enumerate(tokens):
    secret = bytes(b & 255 for b in t["secret"])
    texts[uuid(n) + "-token"] = {k: v for k, v in t.items() if k != "secret"}
    texts[uuid(n)] = {"key": json.dumps(java_sealed("freeotp" + str(n), master, secret, "Hmac" + t["algo"]))}
write("freeotp2.bin", b"\xac\xed\x00\x05sr\x00\x11java.util.HashMap\x05\x07\xda\xc1\xc3\x16\x60\xd1\x03\x00\x02F\x00\x0aloadFactorI\x00\x09thresholdxp"
      + struct.pack(">fI", 0.75, 48) + b"w\x08" + struct.pack(">II", 64, len(texts))
      + b"".join(java_text(k) + java_text(json.dumps(v, ensure_ascii=False)) for k, v in texts.items()) + b"x")

# Bitwarden Authenticator
write("bitwarden-authenticator.csv", "folder,favorite,type,name,login_uri,login_totp\n" + "".join(
    f",{1 if c[9] else ''},1,{json.dumps(c[2], ensure_ascii=False)},,{'steam://' + c[3] if c[0] == 'steam' else uri(c)},{c[2]},{c[6]},{c[5]}\n"
    for c in CLIENTS if c[0] != "hotp" and '"' not in c[1]))

# KeePass 2, formats 3 and 4, with the fields of every program that keeps codes in them
from cryptography.hazmat.primitives.ciphers import algorithms as alg
from cryptography.hazmat.primitives.kdf.argon2 import Argon2d
import gzip

SECRET = {"Password", "otp", "TOTP Seed", "TimeOtp-Secret-Base32", "HmacOtp-Secret-Hex", "Rejtett"}
def keepass_fields(n, c):
    kind, name, service, secret, algorithm, digits, number, folder, note, favourite = c
    fields = {"Title": name, "UserName": "kp-" + str(n), "Password": "portal password", "URL": "https://x.invalid" if n == 1 else "", "Notes": note}
    if n == 0:
        fields |= {"TimeOtp-Secret-Base32": secret, "Cégjegyzékszám": "01-09-123456", "Rejtett": "titok", "Adószám": "12345678-1-41"}
    elif n == 1:
        fields |= {"otp": f"key={secret}&size={digits}&step={number}&otpHashMode=Sha256"}
    elif kind == "hotp":
        fields |= {"HmacOtp-Secret-Hex": base64.b32decode(secret).hex(), "HmacOtp-Counter": str(number)}
    elif kind == "steam":
        fields |= {"TOTP Seed": secret, "TOTP Settings": "30;S"}
    elif secret:
        fields |= {"otp": uri(c)}
    return fields


def keepass_xml(stream, tag):
    def value(k, v):
        if k not in SECRET:
            return f"<Value>{escape(v)}</Value>"
        return f'<Value Protected="True">{b64(stream(v.encode()))}</Value>' if stream else f'<Value ProtectInMemory="True">{escape(v)}</Value>'
    string = lambda k, v: f"<String><Key>{escape(k)}</Key>{value(k, v)}</String>"
    def entry(n, c, inside=lambda: ""):
        return (f"<Entry><UUID>{b64(noise('entry' + str(n), 16))}</UUID><Tags>{'egy;kettő' if n == 0 else ''}</Tags>"
                + "".join(string(k, v) for k, v in keepass_fields(n, c).items()) + (('<Binary><Key>irat.pdf</Key><Value Ref="0"/></Binary>') if n == 0 else "")
                + inside() + "</Entry>")
    group = lambda name, which, inside: f"<Group><UUID>{b64(noise('group' + which, 16))}</UUID><Name>{escape(name)}</Name>{inside}</Group>"
    before = lambda n, c: lambda: "<History>" + entry(n, c) + "</History>"
    of = lambda folder: "".join(entry(n, c, before(n, c) if n == 0 else lambda: "") for n, c in enumerate(CLIENTS) if c[7] == folder)
    old = CLIENTS[4][:1] + ("Régi Kft.",) + CLIENTS[4][2:]
    return ('<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<KeePassFile><Meta><Generator>make.py</Generator>' + tag
            + f"<RecycleBinEnabled>True</RecycleBinEnabled><RecycleBinUUID>{b64(noise('groupbin', 16))}</RecycleBinUUID></Meta><Root>"
            + group("Adatbázis", "root", of("") + group("Kft-k", "a", of("Kft-k") + group("Alcsoport", "c", of("Bt-k")))
                    + group("Kuka", "bin", group("Benne", "d", entry(50, old)))) + "</Root></KeePassFile>\n").encode()


write("keepass-export.xml", keepass_xml(None, ""))
le = lambda size, n: n.to_bytes(size, "little")
composite = hashlib.sha256(hashlib.sha256(PASSWORD).digest()).digest()
AES, CHACHA = bytes.fromhex("31c1f2e6bf714350be5805216afc5aff"), bytes.fromhex("d6038a2b8b6f4cb5a524339a31dbb59a")


def salsa20(key, nonce):
    """Salsa20's stream."""
    def rounds(x):
        rot = lambda v, n: (v << n | v >> 32 - n) & 0xffffffff
        z = x[:]
        for _ in range(10):
            for a, b, c, d in ((0, 4, 8, 12), (5, 9, 13, 1), (10, 14, 2, 6), (15, 3, 7, 11), (0, 1, 2, 3), (5, 6, 7, 4), (10, 11, 8, 9), (15, 12, 13, 14)):
                z[b] ^= rot(z[a] + z[d] & 0xffffffff, 7)
                z[c] ^= rot(z[b] + z[a] & 0xffffffff, 9)
                z[d] ^= rot(z[c] + z[b] & 0xffffffff, 13)
                z[a] ^= rot(z[d] + z[c] & 0xffffffff, 18)
        return struct.pack("<16I", *((a + b) & 0xffffffff for a, b in zip(z, x)))
    k, n, c = struct.unpack("<8I", key), struct.unpack("<2I", nonce), struct.unpack("<4I", b"expand 32-byte k")
    for i in range(1 << 20):
        yield from rounds([c[0], *k[:4], c[1], *n, i & 0xffffffff, i >> 32, c[2], *k[4:], c[3]])


# Format 3: AES, a few rounds, Salsa20, hashed blocks, not compressed
seed, transform, iv, inner, start = (noise("kdbx3" + x, n) for x, n in (("seed", 32), ("transform", 32), ("iv", 16), ("inner", 32), ("start", 32)))
key = composite
for _ in range(6000):
    key = Cipher(alg.AES(transform), modes.ECB()).encryptor().update(key)
key = hashlib.sha256(seed + hashlib.sha256(key).digest()).digest()
stream = salsa20(hashlib.sha256(inner).digest(), bytes.fromhex("e830094b97205d2a"))
field = lambda width: lambda i, v: bytes([i]) + le(width, len(v)) + v
f = field(2)
head = b"\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5\x01\x00\x03\x00" + f(2, AES) + f(3, le(4, 0)) + f(4, seed) + f(5, transform) + f(6, le(8, 6000)) + f(7, iv) \
    + f(8, inner) + f(9, start) + f(10, le(4, 2)) + f(0, b"\r\n\r\n")
xml = keepass_xml(lambda v: bytes(b ^ next(stream) for b in v), "<HeaderHash>" + b64(hashlib.sha256(head).digest()) + "</HeaderHash>")
blocks = lambda data, size: [data[i:i + size] for i in range(0, len(data), size)]
body = start + b"".join(le(4, n) + hashlib.sha256(x).digest() + le(4, len(x)) + x for n, x in enumerate(blocks(xml, 4096)))
body += le(4, len(blocks(xml, 4096))) + bytes(32) + le(4, 0)
write("keepass3.kdbx", head + cbc(key, iv, body))


def kdbx4(name, composite, cipher, seal, kdf, parameters, iv):
    """Format 4: ChaCha20 within, compressed, blocks that are authenticated."""
    seed, inner = noise(name + "seed", 32), noise(name + "inner", 64)
    transformed = kdf(composite)
    hashed = hashlib.sha512(inner).digest()
    chacha = Cipher(alg.ChaCha20(hashed[:32], le(4, 0) + hashed[32:44]), None).encryptor()
    xml = keepass_xml(chacha.update, "")
    f = field(4)
    item = lambda kind, k, v: bytes([kind]) + le(4, len(k)) + k.encode() + le(4, len(v)) + v
    head = b"\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5\x00\x00\x04\x00" + f(2, cipher) + f(3, le(4, 1)) + f(4, seed) + f(7, iv) \
        + f(11, b"\x00\x01" + b"".join(item(*p) for p in parameters) + b"\x00") + f(0, b"\r\n\r\n")
    within = f(1, le(4, 3)) + f(2, inner) + f(3, b"\x01an attachment") + f(0, b"")
    base = hashlib.sha512(seed + transformed + b"\x01").digest()
    mac = lambda n, data: hmac.digest(hashlib.sha512(le(8, n) + base).digest(), data, "sha256")
    body = seal(hashlib.sha256(seed + transformed).digest(), gzip.compress(within + xml, mtime=0))
    out = head + hashlib.sha256(head).digest() + mac(2 ** 64 - 1, head)
    for n, x in enumerate(blocks(body, 4096) + [b""]):
        out += mac(n, le(8, n) + le(4, len(x)) + x) + le(4, len(x)) + x
    write(name, out)


def argon_kdf(name, kind, uuid, memory=1024, passes=2, lanes=2):
    salt = noise(name + "salt", 32)
    return (lambda key: kind(salt=salt, length=32, iterations=passes, lanes=lanes, memory_cost=memory).derive(key)), [
        (0x42, "$UUID", bytes.fromhex(uuid)), (0x42, "S", salt), (0x04, "P", le(4, lanes)), (0x05, "M", le(8, memory * 1024)),
        (0x05, "I", le(8, passes)), (0x04, "V", le(4, 0x13))]


iv = noise("kdbx4 iv", 12)
kdbx4("keepass4-argon2d.kdbx", composite, CHACHA, lambda key, data: Cipher(alg.ChaCha20(key, le(4, 0) + iv), None).encryptor().update(data),
      *argon_kdf("kdbx4d", Argon2d, "ef636ddf8c29444b91f7a9a403e30a0c"), iv)
keyfile = noise("key file", 100)
write("keepass.key", keyfile)
both = hashlib.sha256(hashlib.sha256(PASSWORD).digest() + hashlib.sha256(keyfile).digest()).digest()
iv16 = noise("kdbx4 iv16", 16)
kdbx4("keepass4-keyfile.kdbx", both, AES, lambda key, data: cbc(key, iv16, data), *argon_kdf("kdbx4id", Argon2id, "9e298b1956db4773b23dfc3ec6f0a1e6"), iv16)
