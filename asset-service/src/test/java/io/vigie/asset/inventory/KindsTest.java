package io.vigie.asset.inventory;

import java.util.HashMap;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import io.vigie.kernel.PolicyTable;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
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

  @Test
  void rulesOfProtectionAreOfKindsThatThereAre() {
    for (JsonNode rule : PolicyTable.read("posture", JsonNode.class).get("rules")) {
      for (JsonNode kind : rule.get("kinds")) {
        assertTrue(new Kinds().all().containsKey(kind.asText()), kind.asText());
      }
    }
  }
}
