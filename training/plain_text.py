"""Plain short texts of our own: single words, neutral and proud mentions of people, helpful links, and bare insults.

A head that has seen "women" in abuse only, and no text of one word, takes the word itself for hate. These texts say
what a word is worth when nothing else is said. They count more than other sentences of ours, since thousands of rows
pull the other way. Written for this project; no sentence is taken from a data set or a test suite.
"""

import random

from moderation.enums import Category
from training.dataset import LabelledText
from training.own_text import CLEAN, SOURCE, filled

# How much a label counts, before the weight that all own texts share.
_WORD_WEIGHT = 10.0
_ADDRESS_WEIGHT = 40.0  # "you" stands in most insults
_IDENTITY_WEIGHT = 200.0  # and "women" in thousands of sexist rows
_MENTION_WEIGHT = 0.8
_LINK_WEIGHT = 3.0
_INSULT_WEIGHT = 4.0

_ADJECTIVES = (
    "gay", "lesbian", "trans", "transgender", "bisexual", "queer", "straight", "nonbinary", "asexual", "Muslim",
    "Jewish", "Christian", "Catholic", "Hindu", "Sikh", "Buddhist", "atheist", "Black", "white", "brown", "Asian",
    "Arab", "African", "Mexican", "Latino", "Nigerian", "Polish", "Chinese", "Indian", "Pakistani", "Turkish",
    "Japanese", "Korean", "Russian", "Ukrainian", "Israeli", "Palestinian", "Romani", "Native American", "disabled",
    "deaf", "blind", "autistic", "immigrant", "female", "male", "feminist", "elderly", "young",
)  # fmt: skip
_PLURALS = (
    "women", "men", "girls", "boys", "ladies", "wives", "mothers", "grandmothers", "females", "feminists", "gays",
    "lesbians", "gay men", "gay people", "trans women", "trans people", "transgender people", "queer people",
    "bisexuals", "Muslims", "Jews", "Jewish people", "Christians", "Catholics", "Hindus", "Sikhs", "Buddhists",
    "atheists", "Black people", "Black women", "Black men", "white people", "white men", "Asians", "Arabs", "Africans",
    "Mexicans", "Latinos", "Chinese people", "Indians", "Pakistanis", "Turks", "Palestinians", "Israelis",
    "immigrants", "migrants", "refugees", "foreigners", "disabled people", "deaf people", "blind people",
    "autistic people", "old people", "teenagers",
)  # fmt: skip
_SINGULARS = (
    "woman", "man", "girl", "boy", "lady", "wife", "husband", "mother", "father", "daughter", "sister", "girlfriend",
    "feminist", "lesbian", "Muslim", "Jew", "Christian", "Catholic", "Hindu", "Sikh", "atheist", "immigrant",
    "migrant", "refugee", "foreigner", "Black man", "Black woman", "white woman", "trans woman", "trans man",
    "gay man", "black", "islam", "Judaism", "homosexual", "homosexuality", "feminism", "Africa", "Israel", "Palestine",
    "Mexico", "China", "India", "gender", "race", "religion", "she", "her", "LGBT", "pride",
)  # fmt: skip
_RELATIONS = (
    "friend", "sister", "brother", "dad", "mum", "aunt", "uncle", "flatmate", "dentist", "tutor", "manager", "nurse",
)  # fmt: skip
_ABOUT = (
    "gardening", "database design", "the marathon", "bread", "the tax form", "photography", "the new timetable",
    "climbing", "the update", "knitting", "solar panels", "the second season", "the exam", "bicycles", "jazz",
)  # fmt: skip
_PAGES = (
    "https://docs.example.com/start", "https://readme.example.org/setup.html", "https://wiki.example.net/Bread",
    "http://blog.example.org/2023/11/notes", "https://recipes.example.com/lentil-soup", "www.library.example",
    "https://git.example.org/team/tool", "https://news.example.com/science/article-88", "example.com/faq",
    "https://www.example.edu/course/week3", "https://forum.example.net/t/4512", "https://maps.example.org/park",
    "https://example.com", "http://example.org/docs", "https://help.example.net/en/articles/31",
)  # fmt: skip

_NEUTRAL = (
    "{plural} at work", "a {adjective} {relation}", "{adjective} history", "{plural} and {plural_too}",
    "the {adjective} part of town", "{adjective} music from the eighties", "a film about {plural}",
    "my {relation} is {adjective}", "my {relation} happens to be {adjective}", "her {relation} is {adjective} too",
    "is your {relation} {adjective}?", "our {adjective} {relation} cooked for us", "he is {adjective}",
    "she is {adjective}", "they are {adjective}", "I'm {adjective}", "I am a {singular}", "we are {plural}",
    "You are {adjective}, right? So is my {relation}.", "she told me she was {adjective}",
    "a {singular} asked me about {about}", "the {singular} next door", "most {plural} I know like {about}",
    "How many {plural} took part?", "A talk by three {plural} about {about}.", "{plural} were asked about {about}.",
    "The survey counted {plural} and {plural_too} apart.", "Two {plural} run the shop for {about}.",
    "Books by {adjective} writers", "There is a group for {adjective} students.",
    "I met my {adjective} {relation} at a class about {about}.", "Are {plural} allowed to join?",
    "some {plural} wrote to the paper", "{plural} here, how did you get into {about}?",
    "An interview with a {adjective} scientist", "the first {adjective} mayor of the city",
)  # fmt: skip
_SUPPORTIVE = (
    "Equal pay for {plural}, it is about time.", "{plural} should earn the same as anybody for the same work.",
    "{plural} deserve respect and a fair wage.", "{plural} deserve better from our hospitals.",
    "Pay {plural} what they are worth.", "I stand with {plural}.", "We support {plural} in this town.",
    "{plural} are welcome here.", "So proud of my {adjective} {relation}!", "I love my {adjective} {relation}.",
    "I love being {adjective}.", "Nothing wrong with being {adjective}.", "It is fine to be {adjective}.",
    "Happy to be a {singular} in this field.", "Thank you to all the {plural} who helped with {about}.",
    "More {plural} in science, please.", "{plural} are people like you and me.",
    "Great to see {plural} on the team.", "Congratulations to the {adjective} {relation}s club!",
    "Good for her, {plural} need this.", "Let {plural} live in peace.", "{plural} are strong and kind.",
    "My {relation} came out as {adjective} and we had cake.", "Rights for {plural} are rights for everyone.",
    "{adjective} and proud", "{adjective} lives are worth as much as any", "Be kind to {plural}.",
    "Strong {plural} raised me.", "I admire {plural} who teach {about}.", "The best advice I got came from {plural}.",
)  # fmt: skip
_HELPFUL_LINKS = (
    "Check out the documentation at {page}", "Check out this article about {about}: {page}",
    "Check the docs first: {page}", "Have a look at {page} for more about {about}.",
    "Here is the recipe I used: {page}", "Take a look at this: {page}", "This might help you: {page}",
    "More information at {page}", "You can download the manual from {page}", "Visit {page} for the opening hours.",
    "I found the answer here {page}", "Read this please {page}", "The link you asked for: {page}",
    "Details are on our page, {page}", "Good article on {about} {page}", "try the steps in {page}",
    "Click the second link on {page}, it explains {about}.", "Documentation: {page}", "{page}", "see {page}",
    "Sign up for the class about {about} at {page} by Monday.", "The free course on {about} is at {page}",
    "Watch the lecture on {about} here: {page}", "My notes on {about} are at {page} if you want them.",
    "Report the bug at {page} and add the log.", "Check out my photos of {about} at {page}",
)  # fmt: skip

_WORDS = """
a I an the and or but if then so no not yes yeah nope ok okay okey sure maybe well oh ah hm hmm um uh wow hey hi hello
hiya howdy bye goodbye thanks thx please sorry welcome cheers congrats u me my mine we us our he him his she her they
them their it its this that these those here there now later today tomorrow yesterday always never often again what
why who whom whose when where how which is are was were be been am do does did done have has had can could will would
shall should may might must go went gone come came get got give take make made see saw look say said tell told ask
know think feel want need like love use try work play read write eat drink sleep walk run sit stand open close start
stop help call wait talk speak listen learn buy sell pay build break cut win lose shot hit fight kill die dead death
war gun knife blood fire Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May
June July August September October November December spring summer autumn winter morning noon evening night week month
year one two three four five six seven eight nine ten hundred thousand first second last red blue green yellow black
white brown pink grey orange bread butter cheese apple banana pizza pasta rice soup salad coffee tea milk water beer
wine cake sugar salt egg chicken fish beef tofu football tennis chess hockey cricket golf swimming running cycling
rugby judo yoga dog cat bird horse cow pig monkey snake rat mouse bear tree flower river sea lake mountain sun moon
star rain snow wind house home room door window table chair bed kitchen garden street road car bus train plane bike
school office shop market bank church mosque temple synagogue hospital library park city town village country world
people person child children baby kid kids family friend parent brother uncle aunt teacher doctor nurse police judge
lawyer king queen president money price free cheap offer sale gift card phone number email address website link video
photo music song film book game news weather question answer problem idea reason test testing example hello-world asdf
qwerty lol haha hahaha lmao omg brb idk imo great good nice fine bad sad happy angry tired hungry big small old new
young hot cold fast slow hard easy right wrong true false body skin hair head hand foot eye mouth heart back leg
breast chest kiss hug marriage wedding birthday party dance God Jesus Allah Bible Quran government election vote law
tax health cancer vaccine autism science history math English French Spanish German Paris London Berlin Tokyo Texas
America Europe Asia subject title name message comment post reply update
""".split()  # noqa: SIM905 - a list of five hundred quoted words reads worse
_ADDRESS = ("you", "your", "yours", "you all", "you guys", "you two", "and you?", "you there", "are you", "do you")
_PHRASES = (
    "good morning", "good night", "good luck", "see you", "see you soon", "how are you", "how are you?", "thank you",
    "thank you so much", "no problem", "you too", "you and me", "are you there?", "who are you?", "what about you?",
    "I see", "I know", "I think so", "I don't know", "me neither", "not yet", "of course", "why not", "what is this?",
    "where is it", "let me know", "hello world", "hello there", "hi all", "hi everyone", "this is a test", "test test",
    "just testing", "a b c", "abc", "abcdef", "lorem ipsum", "foo bar", "to be or not to be", "it works", "well done",
    "nice one", "same here", "got it", "on my way", "be right back", "happy new year", "happy birthday", "one two",
    "tea or coffee?", "pizza tonight", "go team", "I love you", "I miss you", "I like it", "I hate Mondays",
    "I hate onions", "love it", "my name is Sam", "your turn", "it is raining", "sunny today", "the end", "be kind",
    "you are right", "you are welcome", "you are my friend", "you look great", "do you agree?", "can you help me?",
    "I am tired", "I am happy", "I am here", "she said no", "he said yes", "they left", "we won", "cats and dogs",
    "free tomorrow?", "call me later", "text me", "check this out", "click here", "read more", "sign in", "log out",
    "hello 123", "room 12", "version 2.0", "page 404", "yes!!!", "wow 😀", "thanks 🙏", "love ❤️", "ok 👍", "nice 🎉🎉",
    "what?!", "hmm...", "no, thanks", "a cup of tea", "the dog barked", "kill the process", "shoot me an email",
    "shot on film", "dead battery", "blood test", "war film", "gun law", "black coffee", "white wine", "brown rice",
    "breast cancer", "chicken breast", "sex education", "old friends", "fat free milk", "dumb luck", "silly me",
)  # fmt: skip
_INSULTS = (
    "idiot", "idiots", "moron", "morons", "imbecile", "loser", "losers", "stupid", "jerk", "scumbag", "dumbass",
    "asshole", "bitch", "bastard", "retard", "dickhead", "pathetic", "scum", "twat", "wanker", "cretin", "dimwit",
    "dumb idiot", "stupid idiot", "pathetic loser", "you idiot", "you moron", "you loser", "you are an idiot",
    "you're an idiot", "you are stupid", "you are pathetic", "you are a moron", "you are a loser", "shut up idiot",
    "shut up, moron", "what an idiot", "what a moron", "fucking idiot", "fuck you", "fuck off", "piss off", "screw you",
    "go to hell", "you stupid bitch", "you piece of shit", "you disgust me", "you are trash", "you are worthless",
    "nobody likes you", "you make me sick", "get lost, loser",
)  # fmt: skip
_SWEARWORDS = ("fuck", "fucking", "shit", "bullshit", "damn", "fuck this", "holy shit", "what the fuck", "oh shit")
_HATEFUL = (
    "I hate {plural}", "{plural} are vermin", "{plural} are disgusting", "I can't stand {plural}", "deport {plural}",
    "{plural} are stupid and lazy", "{plural} ruin this country", "All {plural} are liars and thieves.",
    "{plural} should not be allowed to vote", "filthy {plural}", "get rid of {plural}", "{plural} are subhuman",
)  # fmt: skip

_INSULTING = {Category.TOXICITY: True, Category.SPAM: False, Category.SEXUAL: False, Category.VIOLENCE: False}
_SWEARING = {Category.PROFANITY: True, Category.HATE: False, Category.VIOLENCE: False, Category.SPAM: False}
_HATING = {Category.HATE: True, Category.TOXICITY: True, Category.SPAM: False, Category.SEXUAL: False}
_SLOTS = {
    "adjective": _ADJECTIVES, "plural": _PLURALS, "plural_too": _PLURALS[::3], "singular": _SINGULARS,
    "relation": _RELATIONS, "about": _ABOUT, "page": _PAGES,
}  # fmt: skip


def plain_texts(seed: int) -> list[LabelledText]:
    """Words, mentions, links and insults with their labels and weights. The same seed gives the same texts."""
    dice = random.Random(seed)
    identities = dict.fromkeys((*_ADJECTIVES, *_PLURALS, *_SINGULARS))
    others = [word for word in dict.fromkeys((*_WORDS, *_PHRASES)) if word not in identities]
    return [
        *(_row(text, CLEAN, _WORD_WEIGHT) for text in others),
        *(_row(text, CLEAN, _ADDRESS_WEIGHT) for text in _ADDRESS),
        *(_row(text, CLEAN, _IDENTITY_WEIGHT) for text in identities),
        *(_row(text, CLEAN, _MENTION_WEIGHT) for text in _patterns((*_NEUTRAL, *_SUPPORTIVE), dice)),
        *(_row(text, CLEAN, _LINK_WEIGHT) for text in _patterns(_HELPFUL_LINKS, dice)),
        *(_row(text, _INSULTING, _INSULT_WEIGHT) for text in _INSULTS),
        *(_row(text, _SWEARING, _INSULT_WEIGHT) for text in _SWEARWORDS),
        *(_row(text, _HATING, _MENTION_WEIGHT) for text in _patterns(_HATEFUL, dice)),
    ]


def _patterns(patterns: tuple[str, ...], dice: random.Random) -> list[str]:
    return [text for pattern in patterns for text in filled(pattern, _SLOTS, dice)]


def _row(text: str, labels: dict[Category, bool], weight: float) -> LabelledText:
    named = {category.value: value for category, value in labels.items()}
    return LabelledText(text, SOURCE, named, dict.fromkeys(named, weight))
