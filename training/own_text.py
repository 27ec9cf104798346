"""Sentences of our own for what the data lacks: everyday mentions of people, threats, harmless violence, honest links.

The public data teaches that "women" is hateful and that a link is spam, because it shows them in no other company.
These sentences show the other company, in the plain words of forums and messages. Threats and scams are general and
name no group. Written for this project; no sentence is taken from a data set or a test suite.
"""

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence

from moderation.enums import Category
from training.dataset import LabelledText

SOURCE = "own"
_MOST_OF_A_PATTERN = 40

_PEOPLE = (
    "gay", "lesbian", "trans", "bisexual", "queer", "Muslim", "Jewish", "Christian", "Hindu", "Sikh", "atheist",
    "Black", "white", "Asian", "Arab", "Mexican", "Nigerian", "Polish", "Chinese", "Indian", "Turkish", "Romani",
    "disabled", "deaf", "blind", "autistic", "immigrant", "refugee", "female", "older",
)  # fmt: skip
_GROUPS = (
    "women", "men", "girls", "mothers", "gay people", "trans people", "lesbians", "Muslims", "Jews", "Christians",
    "Black people", "white people", "Asians", "Mexicans", "immigrants", "refugees", "disabled people", "deaf people",
    "old people", "teenagers", "foreigners", "Indians", "Africans", "Arabs",
)  # fmt: skip
_KIN = ("neighbour", "friend", "boss", "teacher", "doctor", "cousin", "colleague", "landlord", "roommate", "coach")
_PLACES = ("Leeds", "Ohio", "Lagos", "Berlin", "Delhi", "our street", "the office", "my school", "Toronto", "town")
_THINGS = ("soup", "the garden", "chess", "the bus", "old films", "football", "my thesis", "the choir", "a new bike")
_TARGETS = ("you", "him", "her", "them", "that guy", "your brother", "the referee", "my ex", "the whole crew")
_SITES = (
    "https://docs.example.org/guide", "https://en.example.org/wiki/Tea", "http://example.com/a1",
    "https://news.example.net/2024/05/story", "www.example.org", "https://example.edu/paper.pdf",
    "https://code.example.com/project/issues/12", "https://photos.example.com/album/22", "example.org/minutes",
)  # fmt: skip
_BAIT_SITES = (
    "http://win-now.example.top", "www.best-deals.example", "http://bit.example/x7Y", "https://t.example/join",
    "http://pay-parcel.example.click", "www.fast-cash.example.xyz", "https://bonus.example.win/?id=77",
)  # fmt: skip

_MENTIONS = (
    "My {kin} is {people} and we both like {thing}.",
    "The {people} community in {place} is holding a dinner on Saturday.",
    "I grew up in a {people} family in {place}.",
    "There are more {people} characters in films now than twenty years ago.",
    "A {people} {kin} of mine just opened a bakery in {place}, go and visit.",
    "As someone who is {people}, I found the article fair.",
    "Half of the {group} in the study also talked about {thing}.",
    "{group} and their families came to {place} after the war.",
    "The museum shows photographs of {group} from the fifties.",
    "We need more {group} in the council, {place} has hardly any.",
    "Many {group} read this forum, so welcome everybody.",
    "What do {group} here think about {thing}?",
    "The clinic offers free checks for {group} over fifty.",
    "{group} have the same right to vote as everyone else.",
    "I interviewed three {group} about {thing} and learned a lot.",
    "Proud to be {people}, and happy to answer questions.",
    "The law protects {group} at work.",
    "Our club has {group} of every age.",
)
_SPEAKING_UP = (
    "He shouted something awful at two {group} on the train, and nobody said a word.",
    "Please do not use that word for {group}, it hurts.",
    "Saying that about {group} is wrong and I have reported it.",
    "I was bullied at school for being {people}.",
    "The court fined him for his posts against {group}.",
    "Attacks on {group} went up last year, the police report says.",
    "You cannot blame all {group} for what one man did.",
    "My {kin} was spat at for being {people}. It still makes me angry.",
    "Jokes like that are why {group} leave this site.",
)
_THREATS = (
    "I will find {target} and make {target} pay in blood.",
    "I'm going to beat {target} until nobody knows the face.",
    "Somebody should put a bullet in {target}.",
    "Next time I see {target} I will smash every bone.",
    "I swear I am going to stab {target} tonight.",
    "I know where {target} lives, sleep with one eye open.",
    "Come near {place} again and I will kill {target}.",
    "Wait until I get my hands on {target}, there will be nothing left.",
    "I want to see {target} hang for this.",
    "They ought to shoot {target} and be done with it.",
    "I'll burn the house down with {target} in it.",
    "One more word and I break your jaw.",
    "we should drag {target} outside and beat some sense in",
    "hope {target} gets run over by a truck, slowly",
    "I have a knife and I am not afraid to use it on {target}",
    "gonna choke {target} out when the lights go off",
    "You are dead. I am outside your door.",
    "tell {target} I am coming with my gun",
    "someone please break {target}'s legs",
    "if {target} turns up at {place} I will put {target} in hospital",
)
_HARMLESS_VIOLENCE = (
    "You absolutely killed that solo at {place}!",
    "I could kill for a coffee after {thing}.",
    "How do I kill a hanging process on the server?",
    "This level is brutal, the dragon burned me ten times.",
    "The photographer will shoot the wedding in {place}.",
    "We got destroyed three to nil, what a match.",
    "My feet are killing me after {thing}.",
    "She shot down my proposal in the meeting.",
    "The striker had a great shot in the last minute.",
    "That comedian slayed, I nearly died laughing.",
    "Beat the eggs, then fold in the flour.",
    "The film has a fight scene at {place} that lasts ten minutes.",
    "Police in {place} are looking for a man who was stabbed last night.",
    "The book tells of the bombing of {place} in the war.",
    "I smashed my exam, first in the class!",
    "Cut the onions and crush the garlic for {thing}.",
    "He hit me up about {thing} yesterday.",
    "The boss fight at the end kills everybody the first time.",
    "A headshot from that distance in the game is pure luck.",
    "Two people died when the bridge near {place} fell.",
    "Drop a bomb of colour into the garden with tulips.",
    "The vaccine kills the virus within days.",
    "I'm dying to know how {thing} went.",
    "If you touch my fries I will be very cross.",
)
_EVERYDAY = (
    "Thanks, that solved it. I had forgotten {thing}.",
    "Does anyone have tips for {thing} in {place}?",
    "Happy birthday! See you at {place} on Sunday.",
    "I disagree, the second version was better than the first.",
    "Sorry for the late answer, I was busy with {thing}.",
    "Can you send me the notes about {thing}?",
    "The train to {place} was late again, so annoying.",
    "Call me when you are free, we should plan {thing}.",
    "Congratulations on the new job, you earned it.",
    "I think your argument about {thing} is weak, and here is why.",
    "That movie was bad, a waste of two hours.",
    "My {kin} says the weather in {place} will turn.",
)
_HONEST_LINKS = (
    "The guide is at {site}, chapter three.",
    "I wrote about {thing} here: {site}",
    "Source: {site}",
    "See {site} for the full list, it is quite long.",
    "Here are the photos from {place}: {site}",
    "You can read the paper at {site} (free).",
    "This was discussed before, see {site} and the answers below it.",
    "Minutes of the meeting: {site}. Please send corrections by Friday.",
    "My new video about {thing} is up, tell me what you think.",
    "I am selling my old bike, 120 euros, pick up in {place}.",
    "Our shop in {place} opens at nine. Call 0170 5550{number} with questions.",
    "According to {site} the bus stops running at ten.",
    "Free entry for children under six, says {site}.",
    "My number is 0170 5550{number}, text me about {thing}.",
    "Your parcel comes tomorrow between nine and twelve.",
)
_SCAMS = (
    "Earn ${number} a week from home, no skills needed! Start today: {bait}",
    "You have been chosen for a ${number} voucher, claim it at {bait} before midnight",
    "Your account is locked. Confirm your card at {bait} or lose access.",
    "Cheap pills and watches, lowest price, order now {bait}",
    "Double your bitcoin in 24 hours, guaranteed, join {bait}",
    "FREE followers and likes!!! click {bait}",
    "I made ${number} with this trading robot, message me on whatsapp +1 202 5550{number}",
    "Hot singles in {place} are waiting for you, sign up free {bait}",
    "Your parcel is held, pay the small fee of $2 here {bait}",
    "Loans up to ${number} with no credit check, apply now at {bait}",
    "Subscribe to my channel and I subscribe back, link {bait}",
    "Congratulations winner! Reply YES to 8{number} to get your prize, terms apply",
    "Get essays written by experts, 50% off today only, {bait}",
    "Investment plan with daily payout, ask me how, telegram +44 7700 90{number}",
    "Best casino bonus, ${number} free spins, no deposit {bait}",
    "Make money online fast, this really works {bait} {bait}",
    "This one trick melts fat, doctors hate it: {bait}",
    "Buy 1 get 3 free, limited offer, shop {bait} now",
)
_CHEERFUL_SWEARING = (
    "That was fucking brilliant, best show at {place} ever.",
    "Holy shit, {thing} turned out well!",
    "Damn, I missed the bus to {place} again.",
    "What the hell happened to {thing}?",
    "I am so fucking tired after {thing}.",
    "No shit, it rains in {place}.",
    "This cake is the shit, thank you {kin}.",
    "Hell yeah, we won!",
    "Oh crap, I forgot {thing}.",
)

CLEAN = {
    Category.TOXICITY: False, Category.HARASSMENT: False, Category.HATE: False, Category.VIOLENCE: False,
    Category.SEXUAL: False, Category.PROFANITY: False, Category.SPAM: False,
}  # fmt: skip
_LABELS = (
    (_MENTIONS, CLEAN),
    (_SPEAKING_UP, {key: False for key in CLEAN if key != Category.TOXICITY}),
    (_THREATS, {Category.VIOLENCE: True, Category.TOXICITY: True, Category.SPAM: False, Category.SEXUAL: False}),
    (_HARMLESS_VIOLENCE, CLEAN),
    (_EVERYDAY, CLEAN),
    (_HONEST_LINKS, CLEAN),
    (_SCAMS, {Category.SPAM: True, Category.HATE: False, Category.VIOLENCE: False, Category.HARASSMENT: False}),
    (
        _CHEERFUL_SWEARING,
        {Category.PROFANITY: True, Category.HATE: False, Category.HARASSMENT: False, Category.VIOLENCE: False,
         Category.SPAM: False, Category.SEXUAL: False},
    ),
)  # fmt: skip


def own_texts(seed: int) -> list[LabelledText]:
    """The patterns filled in, at most 40 ways each. The same seed gives the same texts."""
    dice = random.Random(seed)
    rows = []
    for patterns, labels in _LABELS:
        named = {category.value: value for category, value in labels.items()}
        rows += [LabelledText(text, SOURCE, named) for pattern in patterns for text in _filled(pattern, dice)]
    return rows


def _filled(pattern: str, dice: random.Random) -> Iterator[str]:
    slots = {
        "people": _PEOPLE, "group": _GROUPS, "kin": _KIN, "place": _PLACES, "thing": _THINGS, "target": _TARGETS,
        "site": _SITES, "bait": _BAIT_SITES, "number": tuple(str(dice.randint(100, 999)) for _ in range(9)),
    }  # fmt: skip
    return filled(pattern, slots, dice)


def filled(pattern: str, slots: Mapping[str, Sequence[str]], dice: random.Random) -> Iterator[str]:
    """The pattern with words of ``slots`` in its braces, at most 40 ways, in the styles that people write in."""
    used = [name for name in slots if "{" + name + "}" in pattern]
    ways = list(itertools.product(*(slots[name] for name in used)))
    for way in dice.sample(ways, min(len(ways), _MOST_OF_A_PATTERN)):
        yield _as_written(pattern.format(**dict(zip(used, way, strict=True))), dice)


def _as_written(text: str, dice: random.Random) -> str:
    """People seldom write like a grammar book: some drop capitals and full stops, some shout at the end."""
    styles: Sequence[str] = (text, text, text.rstrip("."), text.lower().rstrip("."), text.rstrip(".") + "!!")
    return dice.choice(styles)
