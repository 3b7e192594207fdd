package io.vigie.asset.inventory;

import java.util.HashMap;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.vigie.kernel.PolicyTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class KindsTest {

  /** Which a search by attribute over all kinds counts on. */
  @Test
  void anAttributeHasTheSameTypeInEveryKind() {
    Map<String, Attribute.Type> types = new HashMap<>();
    new Kinds()
        .all()
        .values()
        .forEach(
            kind ->
                kind.attributes()
                    .forEach(
                        (name, attribute) ->
                            assertEquals(
                                types.computeIfAbsent(name, each -> attribute.type()),
                                attribute.type(),
                                name)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dead",
        "12",
        "999.999.999.999",
        "10.0.0.256",
        "10.0.0",
        "10.0.0.1.2",
        "10.0.0.01",
        ".......",
        ":::",
        "1::2::3",
        "2001:db8::g",
        "localhost"
      })
  void whatIsNoAddressIsNone(String text) {
    assertFalse(new Kinds().accepts("SERVER", "ipAddress", text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0.0.0.0", "10.0.0.1", "255.255.255.255", "::", "2001:db8::1", "::ffff:192.0.2.1"})
  void anAddressOfEitherKindIsOne(String text) {
    assertTrue(new Kinds().accepts("DATABASE", "ipAddress", text));
  }

  @Test
  void rulesOfProtectionAreOfKindsThatThereAre() {
    for (JsonNode rule : PolicyTable.read("posture", JsonNode.class).get("rules")) {
      for (JsonNode kind : rule.get("kinds")) {
        assertTrue(new Kinds().all().containsKey(kind.asText()), kind.asText());
      }
    }
  }
}
