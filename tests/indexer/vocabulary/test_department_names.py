from baocha_indexer.vocabulary import DeclaredDepartment, DepartmentNames, Meaning

WATER, SCHOOLS, FARMS = "云溪市青湖区水务局", "云溪市青湖区教育局", "云溪市青湖区农业农村局"


def test_a_declared_name_is_found_before_a_derived_one() -> None:
    names = DepartmentNames(
        [WATER, SCHOOLS, FARMS], [DeclaredDepartment(SCHOOLS, ("农业局",), ("水利局",))]
    )
    assert names.find("农业局") == Meaning((SCHOOLS,), is_former=False)
    assert names.find("水利局") == Meaning((SCHOOLS,), is_former=True)
    assert names.find("青湖区农业局") == Meaning((FARMS,), is_former=True)
    assert names.find("区水务局") == Meaning((WATER,), is_former=False)
    assert names.find("火星局") is None


def test_names_are_compared_as_matching_compares_them() -> None:
    names = DepartmentNames([WATER], [DeclaredDepartment(WATER, ("水務",))])
    assert names.find("“水务”") is None
    assert names.find(" 水务 ") == Meaning((WATER,), is_former=False)


def test_a_name_of_two_departments_is_ambiguous() -> None:
    other = "云溪市白河区水务局"
    names = DepartmentNames([WATER, other])
    assert names.find("区水务局") == Meaning((WATER, other), is_former=False)
    assert dict(names.ambiguous()) == {"区水务局": (WATER, other), "水务局": (WATER, other)}
    assert "区水务局" not in names.derived(WATER)[0]
    assert "青湖区水务局" in names.derived(WATER)[0]


def test_declaring_a_name_makes_it_clear() -> None:
    other = "云溪市白河区水务局"
    names = DepartmentNames([WATER, other], [DeclaredDepartment(other, ("区水务局",))])
    assert names.find("区水务局") == Meaning((other,), is_former=False)
    assert dict(names.ambiguous()) == {"水务局": (WATER, other)}


def test_the_full_name_of_a_department_never_means_another() -> None:
    names = DepartmentNames([WATER, "水务局"], [DeclaredDepartment(WATER, ("水务局",))])
    assert names.find("水务局") is None
    assert names.find(WATER) is None


def test_a_declared_full_name_leads_to_the_name_in_the_index() -> None:
    entry = DeclaredDepartment("云溪市青湖区水务事业局", ("青湖水务",), (WATER,))
    names = DepartmentNames([WATER], [entry])
    assert names.find("云溪市青湖区水务事业局") == Meaning((WATER,), is_former=False)
    assert names.find("青湖水务") == Meaning((WATER,), is_former=False)
    assert list(names.without_reports()) == []


def test_declared_departments_without_reports_are_listed() -> None:
    missing = DeclaredDepartment("云溪市审计局", ("审计局",))
    names = DepartmentNames([WATER], [missing])
    assert list(names.without_reports()) == [missing]
    assert names.find("审计局") is None
    assert names.declared(WATER) == DeclaredDepartment(WATER)
