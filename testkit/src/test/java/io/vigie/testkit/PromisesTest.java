package io.vigie.testkit;

import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** What is promised, and what breaks it. */
class PromisesTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String API =
      """
      {
        "paths": {
          "/v1/keys": {
            "get": {
              "x-roles": ["staff"],
              "parameters": [{"name": "state", "in": "query", "schema": {"enum": ["LENT"], "type": "string"}}],
              "responses": {
                "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/PageKey"}}}},
                "400": {"$ref": "#/components/responses/Problem-400"}
              }
            },
            "post": {
              "x-roles": ["sysadmin"],
              "parameters": [{"name": "site", "in": "query", "required": true, "schema": {"$ref": "#/components/schemas/UUID"}}],
              "requestBody": {
                "required": true,
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewKey"}}}
              },
              "responses": {"201": {"headers": {"ETag": {}}}}
            }
          }
        },
        "components": {
          "schemas": {
            "Key": {"type": "object", "properties": {"kind": {"$ref": "#/components/schemas/Kind"}, "next": {"$ref": "#/components/schemas/Key"}}},
            "Kind": {"type": "string", "enum": ["BADGE", "METAL"]},
            "NewKey": {
              "type": "object",
              "required": ["kind"],
              "properties": {
                "kind": {"$ref": "#/components/schemas/Kind"},
                "note": {"type": "string"},
                "labels": {"type": "object", "additionalProperties": {"type": "string"}}
              }
            },
            "PageKey": {"type": "object", "properties": {"items": {"type": "array", "items": {"$ref": "#/components/schemas/Key"}}}},
            "UUID": {"type": "string", "format": "uuid"}
          }
        }
      }
      """;

  private static final List<String> PROMISED =
      List.of(
          "GET /v1/keys",
          "GET /v1/keys for staff",
          "GET /v1/keys gives 200",
          "GET /v1/keys gives 200 application/json: PageKey",
          "GET /v1/keys takes query state as LENT",
          "GET /v1/keys takes query state: string",
          "Key gives kind: Kind",
          "Key gives next: Key",
          "Kind takes BADGE",
          "Kind takes METAL",
          "NewKey needs kind",
          "NewKey takes kind: Kind",
          "NewKey takes labels: map of string",
          "NewKey takes note: string",
          "POST /v1/keys",
          "POST /v1/keys for sysadmin",
          "POST /v1/keys gives 201",
          "POST /v1/keys gives 201 header ETag",
          "POST /v1/keys needs a body",
          "POST /v1/keys needs query site",
          "POST /v1/keys takes application/json: NewKey",
          "POST /v1/keys takes query site: string uuid",
          "PageKey gives items: Key[]");

  private static SortedSet<String> of(String api) throws JsonProcessingException {
    return Promises.ofApi(JSON.readTree(api));
  }

  @Test
  void anApiPromisesWhatItsDescriptionSays() throws JsonProcessingException {
    assertEquals(PROMISED, List.copyOf(of(API)));
  }

  @Test
  void eventsPromiseTheirMembersAndTopics() throws JsonProcessingException {
    String api =
        """
        {"channels": {"key": {"address": "vigie.key.events", "messages": {"key.lent.v1": {}}}}}
        """;
    String schema =
        """
        {
          "type": "object",
          "required": ["to"],
          "properties": {
            "to": {"type": ["string", "null"], "enum": ["A", "B"]},
            "keys": {"type": "array", "items": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string", "format": "uuid"}}}}
          },
          "allOf": [{"if": {"properties": {"to": {"const": "A"}}}, "then": {"required": ["keys"]}}],
          "additionalProperties": false
        }
        """;

    assertEquals(
        List.of(
            "key.lent.v1 always gives keys.id",
            "key.lent.v1 always gives to",
            "key.lent.v1 gives keys.id: string uuid",
            "key.lent.v1 gives keys: object[]",
            "key.lent.v1 gives to: string or null",
            "vigie.key.events carries key.lent.v1"),
        List.copyOf(
            Promises.ofEvents(JSON.readTree(api), Map.of("key.lent.v1", JSON.readTree(schema)))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"/v1/keys\" | \"/v1/badges\" | gone: GET /v1/keys,gone: POST /v1/keys",
        "[\"staff\"] | [\"auditor\"] | gone: GET /v1/keys for staff",
        "[\"LENT\"] | [\"LOST\"] | gone: GET /v1/keys takes query state as LENT",
        "[\"BADGE\", \"METAL\"] | [\"METAL\"] | gone: Kind takes BADGE",
        "[\"kind\"] | [\"kind\", \"note\"] | new: NewKey needs note",
        "\"note\": {\"type\": \"string\"} | \"note\": {\"type\": \"integer\"} | gone: NewKey takes note: string",
        "\"ETag\" | \"Location\" | gone: POST /v1/keys gives 201 header ETag",
        "\"next\" | \"previous\" | gone: Key gives next: Key",
        "\"201\" | \"202\" | gone: POST /v1/keys gives 201",
        "\"in\": \"query\", \"schema\" | \"in\": \"query\", \"required\": true, \"schema\" | new: GET /v1/keys needs query state"
      })
  void whatIsTakenAwayOrAskedForIsBroken(String from, String to, String broken)
      throws JsonProcessingException {
    assertEquals(List.of(broken.split(",")), Promises.broken(of(API), of(API.replace(from, to))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[\"staff\"] | [\"staff\", \"auditor\"]",
        "[\"BADGE\", \"METAL\"] | [\"BADGE\", \"METAL\", \"CODE\"]",
        "\"required\": [\"kind\"], | ``",
        "\"required\": true, \"schema\" | \"schema\"",
        "\"properties\": {\"kind\" | \"properties\": {\"since\": {\"type\": \"string\"}, \"kind\""
      })
  void whatIsAddedOrNotAskedForAnyMoreBreaksNothing(String from, String to)
      throws JsonProcessingException {
    assertEquals(List.of(), Promises.broken(of(API), of(API.replace(from, to))));
  }

  @Test
  void aNewOperationMayAskForWhatItLikes() throws JsonProcessingException {
    SortedSet<String> before = new TreeSet<>(of(API));
    before.removeIf(line -> line.startsWith("POST ") || line.startsWith("NewKey "));

    assertEquals(List.of(), Promises.broken(before, of(API)));
  }

  @Test
  void whatIsBrokenNeedsAReasonAndNoReasonOutlivesIt() {
    List<String> broken = List.of("gone: Key gives next: Key", "new: NewKey needs note");
    String reason = "Nobody could tell what it meant.";

    assertEquals(broken, Promises.unexplained(broken, Map.of()));
    assertEquals(
        List.of(),
        Promises.unexplained(
            broken, Map.of("gone: Key", reason, "new: NewKey needs note", reason)));
    assertEquals(
        List.of("new: NewKey needs note", "no reason, or not broken: gone: Lock"),
        Promises.unexplained(broken, Map.of("gone: Key", reason, "gone: Lock", reason)));
    assertEquals(
        List.of("no reason, or not broken: new: NewKey"),
        Promises.unexplained(broken, Map.of("gone: Key", reason, "new: NewKey", "So.")));
  }
}
