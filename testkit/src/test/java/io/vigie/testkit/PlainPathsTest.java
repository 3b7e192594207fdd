package io.vigie.testkit;

import io.restassured.path.json.JsonPath;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class PlainPathsTest {

  private static final JsonPath DOCUMENT =
      JsonPath.from(
          """
          {"id": "a", "count": 3, "big": 3000000000, "part": 0.5, "nothing": null, "yes": true,
           "class": "b", "size": 7, "empty": "c", "deep": {"er": {"list": [1, 2]}, "size": 8},
           "items": [{"id": "x", "tags": ["t", "u"], "by": {"id": "p"}}, null,
                     {"id": "y", "tags": [], "by": null}, {"tags": ["v"]}],
           "rows": [[{"id": 1}, {"id": 2}], [{"id": 3}]], "none": []}""");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "id",
        "count",
        "big",
        "part",
        "nothing",
        "nothing.at.all",
        "nothing[0].id",
        "missing",
        "missing.id",
        "yes",
        "class",
        "size",
        "empty",
        "deep",
        "deep.size",
        "deep.size()",
        "deep.er.list",
        "deep.er.list[1]",
        "deep.er.list[2]",
        "deep.er.list.size()",
        "items",
        "items.size()",
        "items.id",
        "items.id[1]",
        "items.by.id",
        "items.tags",
        "items.tags.size()",
        "items[0].by.id",
        "items[1].id",
        "items[2].by.id",
        "items[9].id",
        "items.missing",
        "rows.id",
        "rows[0].id",
        "none.id",
        "none[0]",
        "none.size()"
      })
  void aPathLeadsWhereRestAssuredFindsIt(String path) {
    assertEquals(DOCUMENT.<Object>get(path), PlainPaths.walk(DOCUMENT.get("$"), path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "id[0]",
        "id.size()",
        "count.id",
        "missing.size()",
        "items.tags.id",
        "items.empty"
      })
  void whatListsAndTextsHaveThemselvesIsForRestAssuredToSay(String path) {
    assertThrows(IllegalArgumentException.class, () -> PlainPaths.walk(DOCUMENT.get("$"), path));
  }
}
