"""Currencies: ISO 4217 codes, and the key by which a policy gives an amount of one."""

CODES = tuple(
    (
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC "
        "CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK "
        "JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR "
        "MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP "
        "STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG"
    ).split()
)
"""Codes of the currencies in use (ISO 4217)."""
YUAN = "CNY"
MEANT = {
    "yuan": YUAN,
    "rmb": YUAN,
    "元": YUAN,
    "人民币": YUAN,
    "¥": YUAN,
    "dollar": "USD",
    "$": "USD",
    "€": "EUR",
    "pound": "GBP",
    "yen": "JPY",
}
"""Words that are used for a currency, with its code."""


def money_key(currency: str) -> str:
    """Key of an amount in a currency: ``yuan`` for the Chinese yuan, for others the code in small letters, such as ``usd``."""
    return "yuan" if currency == YUAN else currency.lower()


KEYS = {money_key(code): code for code in CODES}
"""Currency of every such key."""
