"""Step 3, the one rule: sexual content that speaks of minors. No model is trained on such text, and none is kept."""

import re2

# Words for a child or a young teenager, ages under eighteen, school years. Words that mostly mean adults stay out.
_MINOR = re2.compile(
    r"(?i)\b(?:child|children|childs|kid|kids|minors?|under-?aged?|pre-?teens?|tweens?|toddlers?|infants?|bab(?:y|ies)"
    r"|(?:school|little|young|small|teen(?:age)?) ?(?:girl|boy)s?|jail ?bait|lolis?|lolitas?|shotas?|pthc|cheese pizza"
    r"|teen(?:age|aged)? (?:daughter|son|sister|brother)|teenage[rd]s?|teens?|adolescents?|pubescent|prepubescent"
    r"|(?:little|younger|step) ?(?:sister|brother|daughter|son)|(?:my|his|her|your|our) (?:daughter|son|niece|nephew)"
    r"|(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh) graders?"
    r"|(?:middle|elementary|primary|high) ?schoolers?|pupils?|cub scouts?|altar boys?"
    r"|(?:[1-9]|1[0-7])[ -]?(?:yrs?|years?)?[ -]?(?:old|o|olds)\b|(?:[1-9]|1[0-7]) ?(?:yo|y/o)"
    r"|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen)"
    r"[ -]years?[ -]olds?|age(?:d)? (?:of )?(?:[1-9]|1[0-7]))\b"
)
_NAMES_IT = re2.compile(r"(?i)\b(?:child|kiddie|cp|underage|minor|preteen|loli) ?(?:porn|sex|erotica|nudes?)\b")

FROM_SEXUAL = 0.1  # below this sexual score a text about children is about children
NAMED = 0.95


def minors_score(text: str, sexual: float) -> float:
    """``sexual`` (0 to 1) where the text speaks of minors, else 0; NAMED at least where it names such material."""
    if _NAMES_IT.search(text):
        return max(NAMED, sexual)
    if sexual < FROM_SEXUAL or not _MINOR.search(text):
        return 0.0
    return sexual
