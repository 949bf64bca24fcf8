"""Numbers that name one person, country by country: what they are called, what they look like, who checks them.

Facts from the issuers' public descriptions. The checksums are python-stdnum's (`module` names its module); a row adds
how the number is called where it stands, because nine digits with a right checksum are common and nine digits behind
"NHS number" are not. `shape` is a regular expression over the digits (0), capitals (A), small letters (a) and
separators of a text, for numbers whose form alone gives them away. From `companies` on, the check digit left out, the
numbers are those of companies (Chile's Servicio de Impuestos Internos gives these from 50 million on).
"""

from __future__ import annotations

from nb_mlops.core.value import Struct
from nb_mlops.knowledge import words


class IdentityNumber(Struct, frozen=True):
    """One kind of number. `words` are its names, lower case, without accents; `lengths` of it without separators."""

    title: str
    module: str
    words: str
    lengths: tuple[int, ...]
    shape: str = ""
    companies: int = 0


IDENTITY_NUMBERS: tuple[IdentityNumber, ...] = (
    IdentityNumber("a US social security number", "us.ssn", "ssn|social security|social sec", (9,)),
    IdentityNumber("a US taxpayer number", "us.itin", "itin|taxpayer id", (9,)),
    IdentityNumber("a British NHS number", "gb.nhs", "nhs", (10,)),
    IdentityNumber("a Dutch BSN", "nl.bsn", "bsn|burgerservicenummer|sofinummer", (9,)),
    IdentityNumber("a Brazilian CPF", "br.cpf", "cpf", (11,), "000.000.000-00"),
    IdentityNumber("a Polish PESEL", "pl.pesel", "pesel", (11,)),
    IdentityNumber("an Indian Aadhaar number", "in_.aadhaar", "aadhaar|aadhar|uidai|uid number|uid no", (12,)),
    IdentityNumber("an Indian PAN", "in_.pan", "pan|permanent account number", (10,)),
    IdentityNumber("a French NIR", "fr.nir", "nir|securite sociale|insee|numero de secu", (15,)),
    IdentityNumber("an Australian TFN", "au.tfn", "tfn|tax file", (9,)),
    IdentityNumber("a Spanish DNI", "es.dni", "dni|nif|documento nacional|documento de identidad", (9,)),
    IdentityNumber("a Spanish NIE", "es.nie", "nie|numero de extranjero", (9,)),
    IdentityNumber(
        "an Italian codice fiscale", "it.codicefiscale", "codice fiscale|cod fiscale|cf", (16,), "AAAAAA00A00A000A"
    ),
    IdentityNumber(
        "a German tax number", "de.idnr", "steuer id|steueridentifikationsnummer|steuer idnr|idnr|steuernummer", (11,)
    ),
    IdentityNumber("a Swedish personnummer", "se.personnummer", "personnummer|personnr|pnr", (10, 12)),
    IdentityNumber("a Danish CPR number", "dk.cpr", "cpr|personnummer", (10,)),
    IdentityNumber("a Norwegian fødselsnummer", "no.fodselsnummer", "fodselsnummer|fødselsnummer|fodselsnr|fnr", (11,)),
    IdentityNumber("a Finnish henkilötunnus", "fi.hetu", "hetu|henkilotunnus", (10, 11)),
    IdentityNumber("a Canadian SIN", "ca.sin", "sin|social insurance|numero d assurance sociale", (9,)),
    IdentityNumber("a Mexican CURP", "mx.curp", "curp", (18,), "AAAA000000AAAAAA"),
    IdentityNumber("a Chilean RUT", "cl.rut", "rut", (8, 9), "00.000.000-0", 50_000_000),
    IdentityNumber("a Turkish identity number", "tr.tckimlik", "tc kimlik|tckn|kimlik|tckimlik", (11,)),
    IdentityNumber("a South African identity number", "za.idnr", "id number|id no|identity number|rsa id|said", (13,)),
    IdentityNumber(
        "a Belgian national number", "be.nn", "rijksregister|rijksregisternummer|registre national|insz|niss", (11,)
    ),
    IdentityNumber("a Swiss AHV number", "ch.ssn", "ahv|avs|sozialversicherungsnummer", (13,), "000.0000.0000.00"),
    IdentityNumber(
        "an Austrian insurance number", "at.vnr", "svnr|sozialversicherungsnummer|versicherungsnummer", (10,)
    ),
    IdentityNumber("a Portuguese NIF", "pt.nif", "nif|contribuinte", (9,)),
    IdentityNumber("a Romanian CNP", "ro.cnp", "cnp|cod numeric personal", (13,)),
    IdentityNumber("a Croatian OIB", "hr.oib", "oib", (11,)),
    IdentityNumber("a Czech or Slovak birth number", "cz.rc", "rodne cislo|rc|birth number", (9, 10)),
    IdentityNumber("an Estonian isikukood", "ee.ik", "isikukood|asmens kodas", (11,)),
    IdentityNumber("an Irish PPS number", "ie.pps", "pps|ppsn", (8, 9)),
    IdentityNumber("an Israeli identity number", "il.idnr", "teudat zehut|israeli id|tz", (9,)),
    IdentityNumber("a Korean RRN", "kr.rrn", "rrn|resident registration", (13,)),
    IdentityNumber("a Japanese My Number", "jp.in_", "my number|individual number", (12,)),
    IdentityNumber("a Greek AMKA", "gr.amka", "amka", (11,)),
    IdentityNumber("an Icelandic kennitala", "is_.kennitala", "kennitala|kt", (10,)),
    IdentityNumber("a Thai PIN", "th.pin", "thai id|national id", (13,)),
    IdentityNumber("a Bulgarian EGN", "bg.egn", "egn", (10,)),
    IdentityNumber("a Lithuanian asmens kodas", "lt.asmens", "asmens kodas", (11,)),
    IdentityNumber("a Slovenian EMŠO", "si.emso", "emso", (13,)),
    IdentityNumber("an Ecuadorian cédula", "ec.ci", "cedula", (10,)),
    IdentityNumber("a Dominican cédula", "do.cedula", "cedula", (11,)),
    IdentityNumber("a Russian INN", "ru.inn", "inn", (12,)),
    IdentityNumber("a Ukrainian RNTRC", "ua.rntrc", "rnokpp|rntrc|ipn", (10,)),
    IdentityNumber("an Argentine CUIL", "ar.cuit", "cuil|cuit", (11,)),
    IdentityNumber("a Portuguese citizen's card", "pt.cc", "cartao de cidadao", (12,)),
    IdentityNumber("a Chinese resident number", "", "resident id|shenfenzheng|id card", (18,), "00000000000000000"),
)

# Account numbers by country: how long an IBAN is (SWIFT's IBAN registry).
IBAN_LENGTHS = {
    pair[:2]: int(pair[2:])
    for pair in words(
        """
        AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18
        FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20
        LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24
        SI19 SK24 SM27 SN28 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20
        """
    )
}

# Numbers that documentation uses and that belong to nobody; without separators, upper case.
NOBODYS_NUMBERS = words(
    """
    4111111111111111 4242424242424242 4012888888881881 4222222222222 4000056655665556 5555555555554444
    5105105105105100 5200828282828210 2223003122003222 378282246310005 371449635398431 378734493671000
    6011111111111117 6011000990139424 3056930009020004 30569309025904 38520000023237 3530111333300000
    3566002020360505 4000000000000002 6200000000000005 5424000000000015 4007000000027 4917610000000000
    4999999999999999 4444333322221111 DE89370400440532013000 GB29NWBK60161331926819 GB82WEST12345698765432
    FR1420041010050500013M02606 ES9121000418450200051332 NL91ABNA0417164300 BE68539007547034 CH9300762011623852957
    AT611904300234573201 IT60X0542811101000000123456 PL61109010140000071219812874 GB33BUKB20201555555555
    FR7630006000011234567890189 123456789 987654321 078051120 219099999 457555462 987654320 987654329 1234567890
    111111111 000000000 52998224725 11144477735 12345678909 9434765919 44051401359 12345678Z 46454286J
    4095260993934932 078051126 IL150120690000003111111
    """
)
