"""A text and the images beside it are judged together; images that cannot be read go to a person; nothing is kept."""

import threading

import pytest

from moderation import scoring
from moderation.detectors.base import Detection
from moderation.detectors.images.faults import ImageFault
from moderation.detectors.images.open_nsfw import OpenNsfwDetector
from moderation.media import unstored
from moderation.models import ContentMedia, MediaFile
from moderation.scoring import Busy, prepare_image, score_item
from tests.images import photo
from tests.moderation.media.conftest import configure_images  # noqa: F401  # a fixture
from tests.moderation.media.senders import Sender

pytestmark = pytest.mark.django_db
MILD = "The soup was warm and the rain was loud."


@pytest.fixture
def sender(configure_images):  # noqa: F811
    configure_images(fetch__allow_networks=["127.0.0.0/8"], fetch__timeout_seconds=2)
    running = Sender()
    yield running
    running.down()


@pytest.fixture
def image_score(monkeypatch):
    def use(score: float) -> None:
        monkeypatch.setattr(OpenNsfwDetector, "detect", lambda self, picture: [Detection("nsfw_image", score)])

    return use


def test_an_image_that_was_sent_is_judged_with_the_text(platform, image_score):
    image_score(0.9)
    scored = score_item(MILD, [prepare_image(photo())], client_id=platform.pk)
    assert (scored.verdict.outcome, scored.verdict.rule) == ("review", "explicit-image")
    assert (scored.image_scores, "nsfw_image" in scored.text_scores) == ({"nsfw_image": 0.9}, False)


def test_an_image_that_is_named_is_fetched(platform, sender, image_score):
    image_score(0.9)
    sender.plan["/image"] = photo()
    scored = score_item(MILD, [], [sender.url()], client_id=platform.pk)
    assert (scored.verdict.rule, sender.asked) == ("explicit-image", ["/image"])


def test_no_image_is_kept(platform, sender):
    sender.plan["/image"] = photo(2)
    score_item(MILD, [prepare_image(photo())], [sender.url()], client_id=platform.pk)
    assert (MediaFile.objects.count(), ContentMedia.objects.count()) == (0, 0)


@pytest.mark.parametrize(("answer", "fault"), [(b"no picture", "unknown_format"), (None, "status_4xx")])
def test_an_image_that_cannot_be_had_goes_to_a_person(platform, sender, answer, fault):
    if answer is not None:
        sender.plan["/image"] = answer
    scored = score_item(MILD, [], [sender.url()], client_id=platform.pk)
    assert (scored.verdict.outcome, scored.report.failures["images"]) == ("review", fault)
    assert scored.report.unavailable == {"nsfw_image"}


def test_an_address_inside_our_own_network_is_not_asked(platform):
    running = Sender()
    try:
        scored = score_item(MILD, [], [running.url()], client_id=platform.pk)
        assert (scored.report.failures["images"], running.asked) == ("address_refused", [])
    finally:
        running.down()


def test_a_file_that_is_no_image_is_the_callers_fault():
    with pytest.raises(ImageFault):
        prepare_image(b"no picture")


def test_images_never_take_all_threads_of_a_process(platform, monkeypatch):
    seats, slow, looking = 2, threading.Event(), threading.Semaphore(0)

    def read(*args, **kwargs):
        looking.release()
        slow.wait(10)
        return unstored.ImagesRead()

    monkeypatch.setattr(scoring, "read_unstored", read)
    scoring._seats.cache_clear()
    image = prepare_image(photo())
    scoring.recently_in_force().policy_of_client(platform.pk)  # the threads below do not see this test's rows
    threads = [
        threading.Thread(target=score_item, args=(MILD, [image]), kwargs={"client_id": platform.pk})
        for _ in range(seats)
    ]
    for thread in threads:
        thread.start()
        assert looking.acquire(timeout=10)
    with pytest.raises(Busy):
        score_item(MILD, [image], client_id=platform.pk)
    assert score_item(MILD, client_id=platform.pk).verdict.outcome == "approve"
    slow.set()
    for thread in threads:
        thread.join(10)


@pytest.fixture
def all_seats_taken():
    scoring._seats.cache_clear()
    taken = 0
    while scoring._seats().acquire(blocking=False):
        taken += 1
    yield
    scoring._seats().release(taken)


def test_no_image_is_decoded_without_a_seat(all_seats_taken, monkeypatch):
    monkeypatch.setattr(scoring, "decode_image", lambda data: pytest.fail("decoded"))
    with pytest.raises(Busy):
        prepare_image(photo())


def test_who_sits_needs_no_other_seat_and_leaves_it_free():
    scoring._seats.cache_clear()
    for _ in range(5):
        with scoring.seat_for_long_work(), scoring.seat_for_long_work():
            prepare_image(photo())


def test_nothing_wanted_takes_no_seat(all_seats_taken):
    with scoring.seat_for_long_work(wanted=[]):
        pass


def test_the_images_of_a_call_have_so_many_pixels_together(configure_images):  # noqa: F811
    image = photo()
    picture = prepare_image(image).picture
    configure_images(max_pixels=picture.width * picture.height)
    with scoring.seat_for_long_work():
        for _ in range(scoring.PIXELS_OF_A_CALL):
            prepare_image(image)
        with pytest.raises(ImageFault, match="pixels that one call may bring"):
            prepare_image(image)
