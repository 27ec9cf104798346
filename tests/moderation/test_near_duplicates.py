"""A spam wave is one cluster, and what merely resembles it is not."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone

from moderation.models import Content, ContentFingerprint
from moderation.near_duplicates.placement import place, store_placements
from moderation.near_duplicates.reading import Alike, count_near_duplicates, read_alike
from tests.factories import ApiClientFactory, ContentFactory

pytestmark = pytest.mark.django_db

NAMES = ["Ana", "Bo", "Carla", "Dev", "Emil", "Fatima", "Goran", "Hana", "Ivo", "Jo", "Karl", "Lena", "Mio", "Nora"]
SOUP = "My neighbour cooks a fine soup of onions and leeks every Sunday, and the whole street comes by."


def wave(count, seed=5):
    chance = random.Random(seed)
    return [
        f"Hi {chance.choice(NAMES)}{chance.choice('!,.')} Your parcel {chance.randint(1, 9**6)} is held at the depot. "
        f"Pay {chance.randint(1, 9)}.{chance.randint(10, 99)} euros at https://p{chance.randint(1, 999)}.example now, "
        f"{chance.choice(NAMES)}{chance.choice(['', '!', '!!!', '...'])}"
        for _ in range(count)
    ]


@pytest.fixture
def placed(platform):
    """``placed(texts, ...)``: stores contents with their fingerprints, in batches as a worker would."""

    def act(texts, *, client=platform, at=None, batch=64):
        at = at or timezone.now()
        contents = Content.objects.bulk_create(
            ContentFactory.build(client=client, text=text, created_at=at, updated_at=at) for text in texts
        )
        counts = []
        for first in range(0, len(contents), batch):
            placements = place(contents[first : first + batch])
            store_placements(placements=filter(None, placements))
            counts += [placement and placement.near_duplicates for placement in placements]
        return contents, counts

    return act


def clusters(contents):
    return set(ContentFingerprint.objects.filter(content__in=contents).values_list("cluster", flat=True))


@pytest.mark.parametrize("batch", [1, 64, 200])
def test_a_wave_of_two_hundred_variants_is_one_cluster(placed, batch):
    contents, _ = placed(wave(200), batch=batch)
    assert len(clusters(contents)) == 1
    assert count_near_duplicates([contents[0].pk, contents[199].pk]) == {contents[0].pk: 199, contents[199].pk: 199}


def test_the_items_of_one_batch_count_each_other(placed):
    _, counts = placed(wave(64))
    assert counts == [63] * 64


def test_a_later_batch_counts_the_earlier_one(placed):
    _, counts = placed([*wave(64), *wave(10, seed=6)])
    assert counts[64:] == [73] * 10


def test_other_texts_stay_apart(placed):
    texts = [SOUP, "The trains were late again, so we walked along the river and talked about the holidays.", *wave(3)]
    contents, counts = placed(texts)
    assert counts == [0, 0, 2, 2, 2]
    assert len(clusters(contents)) == 3


def test_different_short_greetings_do_not_meet(placed):
    _, counts = placed(["Good morning!", "Good evening!", "Good morning", "hi", "hello there"])
    assert counts == [1, 0, 1, 0, 0]


def test_an_image_without_a_text_belongs_nowhere(placed):
    assert placed(["", " ", SOUP])[1] == [None, None, 0]


def test_clients_are_kept_apart(placed):
    placed(wave(5))
    assert placed(wave(5), client=ApiClientFactory())[1] == [4] * 5


def test_what_is_older_than_the_window_begins_a_new_cluster(placed):
    old, _ = placed(wave(5), at=timezone.now() - timedelta(hours=25))
    new, counts = placed(wave(5))
    assert counts == [4] * 5
    assert not clusters(old) & clusters(new)


def test_a_wave_over_midnight_is_one_cluster(placed):
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    before, _ = placed(wave(5), at=midnight - timedelta(minutes=5))
    after, counts = placed(wave(5, seed=6), at=midnight + timedelta(minutes=5))
    assert clusters(before) == clusters(after)
    assert counts == [9] * 5


def test_the_index_holds_few_members_of_a_big_wave(placed):
    contents, _ = placed(wave(200))
    assert 32 <= ContentFingerprint.objects.exclude(bands=[]).count() <= 64
    assert placed(wave(3, seed=9))[1] == [202] * 3
    assert len(clusters(contents)) == 1


def test_a_second_reading_does_not_count_the_first(placed):
    (content,), _ = placed([SOUP])
    store_placements(placements=place([content]))
    assert count_near_duplicates([content.pk]) == {content.pk: 0}


def test_an_edit_leaves_the_cluster(placed):
    (first, second), _ = placed([SOUP, SOUP])
    first.text = "The trains were late again, so we walked along the river and talked about the holidays."
    (placement,) = place([first])
    store_placements(placements=[placement])
    assert placement.near_duplicates == 0
    assert count_near_duplicates([second.pk]) == {second.pk: 0}


def test_neighbours_come_nearest_first(placed):
    (own, far, equal, _), _ = placed(
        [SOUP, SOUP.replace("Sunday", "Tuesday").replace("onions", "carrots"), SOUP, "Good morning!"]
    )
    assert [near.pk for near in read_alike(own, 20).likest] == [equal.pk, far.pk]
    assert [near.pk for near in read_alike(own, 1).likest] == [equal.pk]


def test_a_content_that_no_worker_has_read_has_no_neighbours(platform):
    content = ContentFactory(client=platform)
    assert read_alike(content, 20) == Alike(None, 0, {}, [])
    assert count_near_duplicates([content.pk]) == {}


@pytest.mark.parametrize("count", [2, 64])
def test_the_queries_do_not_grow_with_the_batch(platform, django_assert_num_queries, count):
    contents = Content.objects.bulk_create(ContentFactory.build(client=platform, text=text) for text in wave(count))
    with django_assert_num_queries(5):  # two look-ups; a savepoint around the insert
        store_placements(placements=place(contents))


def test_no_contents_need_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert place([]) == []
        assert count_near_duplicates([]) == {}
