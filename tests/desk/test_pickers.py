"""Choosing a case by its number or its words, a person among thousands."""

from datetime import date, timedelta

import pytest

from fadu.cases.act import act
from fadu.cases.directory import Unknown
from fadu.cases.models import Case
from fadu.desk.pickers import CaseFinder
from fadu.desk.reader import Reader
from fadu.units.models import Person, Post
from tests.desk.city import City

pytestmark = pytest.mark.django_db


@pytest.fixture
def finder(city: City) -> CaseFinder:
    reader = Reader(city.people["he"])
    return CaseFinder(lambda: reader.cases)


def test_a_case_is_found_by_its_number_however_the_brackets_are_typed(city, finder):
    case = city.signed("城区积水点整治")
    bare = case.number.replace("〔", "[").replace("〕", "]")
    for typed in (case.number, f" {case.number} ", bare, bare.replace("督", "督 "), f"{case.number} 城区积水点整治"):
        assert finder.find(typed) == str(case.pk), typed


def test_words_of_its_title_are_enough_when_only_one_has_them(city, finder):
    case, other = city.signed("城区积水点整治"), city.signed("老旧小区加装电梯")
    assert finder.find("积水点") == str(case.pk)
    assert finder.find("加装电梯", "supervision-item") == str(other.pk)
    with pytest.raises(Unknown, match="没有“加装电梯”"):
        finder.find("加装电梯", "co-handling")


def test_several_that_fit_are_named_so_that_one_can_be_chosen(city, finder):
    one, other = city.signed("积水点整治（一期）"), city.propose("积水点整治（二期）")
    with pytest.raises(Unknown) as unknown:
        finder.find("积水点整治")
    assert f"{one.number} 积水点整治（一期）" in unknown.value.text.zh
    named = f"积水点整治（二期） #{other.pk}"  # it has no number yet
    assert named in unknown.value.text.zh
    assert finder.find(named) == str(other.pk)


def test_what_one_may_not_see_is_not_found_by_any_name(city):
    case = city.signed("城区积水点整治")
    lin = Reader(city.people["lin"])
    finder = CaseFinder(lambda: lin.cases)
    for typed in (case.number, "积水点", f"x #{case.pk}", "#999999999999999999", "-", "#"):
        with pytest.raises(Unknown):
            finder.find(typed)


def test_cases_are_offered_while_somebody_types(at, city):
    case = city.signed("城区积水点整治")
    city.signed("老旧小区加装电梯")
    offered = at("he").get("/pick/cases/", {"q": "积水", "of": "supervision-item"}).json()["items"]
    assert offered == [{"value": f"{case.number} 城区积水点整治"}]
    assert len(at("he").get("/pick/cases/").json()["items"]) == 2
    assert at("lin").get("/pick/cases/", {"q": "积水"}).json()["items"] == []
    assert at("he").get("/pick/cases/", {"q": "x" * 5000}).json()["items"] == []


def test_offering_costs_the_same_however_many_there_are(at, city, django_assert_num_queries):
    city.signed("积水点一")
    he = at("he")
    he.get("/pick/cases/?q=积水")
    for n in range(12):
        city.propose(f"积水点{n}")
    with django_assert_num_queries(4):
        assert len(he.get("/pick/cases/?q=积水").json()["items"]) == 8


def test_people_are_offered_by_name_with_the_post_that_tells_them_apart(at, city):
    city.person("lu1", "陆青", "yz-water", "unit_officer", "排水科")
    city.person("lu2", "陆青", "yz-house", "unit_head")
    offered = at("he").get("/pick/people/", {"q": "陆"}).json()["items"]
    assert [one["value"] for one in offered] == ["陆青（lu1）", "陆青（lu2）"]
    assert [one["label"].strip() for one in offered] == ["云州市水务局 排水科", "云州市住房和城乡建设局"]
    heads = at("he").get("/pick/people/", {"q": "", "role": "unit_head"}).json()["items"]
    assert [one["value"] for one in heads] == ["陆青（lu2）"]
    assert at("he").get("/pick/people/", {"q": ""}).json()["items"] == []


def test_who_is_no_longer_in_office_is_not_offered(at, city):
    city.person("lu", "陆青", "yz-water", "unit_officer")
    Post.objects.filter(person=city.people["lu"]).update(until=date.today() - timedelta(days=1))
    assert at("he").get("/pick/people/", {"q": "陆"}).json()["items"] == []


@pytest.mark.parametrize("url", ["/pick/cases/", "/pick/people/"])
def test_strangers_are_offered_nothing(client, url):
    assert client.get(url).status_code == 302


def test_a_page_does_not_carry_thousands_of_names(at, city):
    case = city.signed()
    act(case, "ask_closing", city.people["shen"], {"evidence": city.document("佐证.pdf", "shen")})
    Person.objects.bulk_create(Person(username=f"p{n}", name=f"人{n}") for n in range(400))
    page = at("he").get(f"/supervision-item/{case.pk}/do/verify/").content.decode()
    assert "人399" not in page
    assert Case.objects.get(pk=case.pk).stage == "verifying"
