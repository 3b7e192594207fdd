package io.vigie.kernel;

import java.io.IOException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class MergePatchTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Property
  void aPatchTurnsTheOldStateIntoTheNew(
      @ForAll("states") ObjectNode before, @ForAll("states") ObjectNode after) {
    assertEquals(after, MergePatch.apply(before, MergePatch.diff(before, after)));
  }

  @Property
  void nothingChangedIsAnEmptyPatch(@ForAll("states") ObjectNode state) {
    assertEquals(JSON.createObjectNode(), MergePatch.diff(state, state.deepCopy()));
  }

  /** RFC 7396, appendix A: target, patch, result. */
  @Test
  void theExamplesOfTheRfcHold() throws IOException {
    String[][] examples = {
      {"{\"a\":\"b\"}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"},
      {"{\"a\":\"b\"}", "{\"b\":\"c\"}", "{\"a\":\"b\",\"b\":\"c\"}"},
      {"{\"a\":\"b\"}", "{\"a\":null}", "{}"},
      {"{\"a\":\"b\",\"b\":\"c\"}", "{\"a\":null}", "{\"b\":\"c\"}"},
      {"{\"a\":[\"b\"]}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"},
      {"{\"a\":\"c\"}", "{\"a\":[\"b\"]}", "{\"a\":[\"b\"]}"},
      {"{\"a\":{\"b\":\"c\"}}", "{\"a\":{\"b\":\"d\",\"c\":null}}", "{\"a\":{\"b\":\"d\"}}"},
      {"{\"a\":[{\"b\":\"c\"}]}", "{\"a\":[1]}", "{\"a\":[1]}"},
      {"[\"a\",\"b\"]", "[\"c\",\"d\"]", "[\"c\",\"d\"]"},
      {"{\"a\":\"b\"}", "[\"c\"]", "[\"c\"]"},
      {"{\"a\":\"foo\"}", "null", "null"},
      {"{\"a\":\"foo\"}", "\"bar\"", "\"bar\""},
      {"{\"e\":null}", "{\"a\":1}", "{\"e\":null,\"a\":1}"},
      {"[1,2]", "{\"a\":\"b\",\"c\":null}", "{\"a\":\"b\"}"},
      {"{}", "{\"a\":{\"bb\":{\"ccc\":null}}}", "{\"a\":{\"bb\":{}}}"},
    };
    for (String[] example : examples) {
      assertEquals(
          JSON.readTree(example[2]),
          MergePatch.apply(JSON.readTree(example[0]), JSON.readTree(example[1])),
          example[0] + " patched with " + example[1]);
    }
  }

  @Provide
  Arbitrary<ObjectNode> states() {
    return object(values(2));
  }

  private static Arbitrary<JsonNode> values(int depth) {
    Arbitrary<JsonNode> leaves =
        Arbitraries.oneOf(
            Arbitraries.integers().between(0, 3).map(JSON.getNodeFactory()::numberNode),
            Arbitraries.of("x", "y").map(JSON.getNodeFactory()::textNode),
            Arbitraries.of(true, false).map(JSON.getNodeFactory()::booleanNode),
            Arbitraries.of("x", "y")
                .list()
                .ofMaxSize(2)
                .map(
                    texts -> {
                      ArrayNode array = JSON.createArrayNode();
                      texts.forEach(array::add);
                      return array;
                    }));
    return depth == 0
        ? leaves
        : Arbitraries.oneOf(leaves, object(values(depth - 1)).map(node -> (JsonNode) node));
  }

  private static Arbitrary<ObjectNode> object(Arbitrary<JsonNode> values) {
    return Arbitraries.maps(Arbitraries.of("a", "b", "c"), values)
        .ofMaxSize(3)
        .map(
            fields -> {
              ObjectNode node = JSON.createObjectNode();
              fields.forEach(node::set);
              return node;
            });
  }
}
