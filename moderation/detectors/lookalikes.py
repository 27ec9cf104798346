"""Step 3, a table for the normaliser: characters that pass for a Latin letter. Written by hand, looked at by eye."""

# Latin letters in costume. NFKC and mark stripping do not undo these; they are always folded.
_LATIN = {
    "a": "ɑɐᴀⱥªᵃₐ🅐🅰🄰🇦∀",
    "b": "ʙɓƀƃƅᴃ🅑🅱🄱🇧",
    "c": "ᴄƈȼɕϲϹ🅒🅲🄲🇨¢©",
    "d": "ᴅđɗƌȡðɖ🅓🅳🄳🇩",
    "e": "ᴇɇǝəɛɘ🅔🅴🄴🇪€ℯ",
    "f": "ꜰƒʄ🅕🅵🄵🇫",
    "g": "ɢɡǥɠᵹ🅖🅶🄶🇬",
    "h": "ʜħɦɥⱨ🅗🅷🄷🇭",
    "i": "ɪıɨᵻ🅘🅸🄸🇮¡",
    "j": "ᴊɉʝȷ🅙🅹🄹🇯",
    "k": "ᴋƙⱪʞ🅚🅺🄺🇰",
    "l": "ʟłƚɫɭȴ🅛🅻🄻🇱£",
    "m": "ᴍɱɯ🅜🅼🄼🇲",
    "n": "ɴŋƞɲȵɳ🅝🅽🄽🇳",
    "o": "ᴏøɵɔ🅞🅾🄾🇴",
    "p": "ᴘƥᵽ🅟🅿🄿🇵",
    "q": "ɋʠ🅠🆀🅀🇶",
    "r": "ʀɍɹɾɽ🅡🆁🅁🇷®",
    "s": "ꜱʂȿ🅢🆂🅂🇸§",
    "t": "ᴛŧʈƫȶʇ🅣🆃🅃🇹†",
    "u": "ᴜʉʋ🅤🆄🅄🇺",
    "v": "ᴠʌ🅥🆅🅅🇻",
    "w": "ᴡʍⱳ🅦🆆🅆🇼",
    "x": "🅧🆇🅇🇽×",
    "y": "ʏɏƴʎ🅨🆈🅈🇾¥",
    "z": "ᴢʐʑƶȥ🅩🆉🅉🇿",
    "ae": "æ",
    "oe": "œ",
    "th": "þ",
}

# Letters of other scripts that are drawn like a Latin one. Folded only where the word or the text is Latin,
# so that real Russian or Greek stays what it is. Lower case: the text is case-folded before it comes here.
_OTHER_SCRIPTS = {
    "a": "аαλаꭺᎪаⲁ",
    "b": "ьвβᏼᏴвբⲃ",
    "c": "сϲᏟⅽсⲥ",
    "d": "ԁժᎠⅾ",
    "e": "еєэεҽᎬеⲉ",
    "f": "ғϝք",
    "g": "ԍց",
    "h": "һнհᎻнηⲏ",
    "i": "іιᎥⲓ",
    "j": "јյᎫ",
    "k": "кκᏦкⲕ",
    "l": "ⅼӏլᏞ",
    "m": "мᎷмⲙ",
    "n": "пոηռⲛ",
    "o": "оοσօⲟ",
    "p": "рρᏢрⲣ",
    "q": "ԛգզ",
    "r": "гᎡɼ",
    "s": "ѕᏚտ",
    "t": "тτᎢⲧ",
    "u": "υսцμ",
    "v": "ѵνᏙ",
    "w": "ԝωшᎳաщ",
    "x": "хχⲭ",
    "y": "уγүყⲩ",
    "z": "ᏃzⲌ",
}


# Latin letters drawn like one of another script, as a small letter or as a capital.
CYRILLIC_TWINS = dict(zip("aeopcyxkmthbisj", "аеорсухкмтнвіѕј", strict=True))
GREEK_TWINS = dict(zip("abehikmnoptxyzuv", "αβεηικμνορτχυζυν", strict=True))

# What is left of a Latin word once look-alikes are undone: a letter put there for its sound, or a likeness from afar.
SCRIPT_SOUNDS = dict(zip("бджзийлфыюя", "bdjziilfyur", strict=True)) | dict(
    zip("γδεζθξπφψως", "gdezoxpfyws", strict=True)
)


def _table(groups: dict[str, str]) -> dict[str, str]:
    """One entry a character; the first group that names it wins."""
    table: dict[str, str] = {}
    for plain, disguises in groups.items():
        for disguise in disguises:
            table.setdefault(disguise.casefold() if groups is _OTHER_SCRIPTS else disguise, plain)
    return table


LATIN_LOOKALIKES = _table(_LATIN)
SCRIPT_LOOKALIKES = _table(_OTHER_SCRIPTS)
