package io.vigie.stack;

import java.io.IOException;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

class TrailTest {
  /** An entry that audit-service wrote, and the leaf hash that it gave it. */
  private static final Map<String, String> MEMBERS =
      Map.ofEntries(
          Map.entry("id", "01a20aec-720b-7345-9b1f-409f457342b9"),
          Map.entry("source", "/vigie/asset"),
          Map.entry("type", "asset.registered.v1"),
          Map.entry("subject", "asset/01a20aec-70e5-73c9-9538-c644e7929d17"),
          Map.entry("time", "2026-11-24T00:19:57.285200Z"),
          Map.entry("actor", "5e1f0000-0000-4000-8000-000000000002"),
          Map.entry("eventNumber", "1"),
          Map.entry("sourceNumber", "1"),
          Map.entry("dataSchema", "urn:vigie:schema:asset.registered.v1"),
          Map.entry("topic", "vigie.asset.events"),
          Map.entry("partition", "1"),
          Map.entry("offset", "0"),
          Map.entry("contentType", "application/json"),
          Map.entry("commitment", "ac3nPvPMck+j9isHpC2aDrC3+T4EHttd0/CTTIbYM94="));

  private static final String LEAF = "gtc5Tbl/+JcAoAje4SLEMuprh7T4NsAvuxoXQN0QSwY=";

  @Test
  void theLeafHashFollowsFromWhatIsShown() throws IOException {
    assertEquals(LEAF, leafHash(new TreeMap<>(MEMBERS)));
  }

  @Test
  void anotherActorMakesAnotherLeafHash() throws IOException {
    TreeMap<String, String> changed = new TreeMap<>(MEMBERS);
    changed.put("actor", "5e1f0000-0000-4000-8000-000000000003");

    assertNotEquals(LEAF, leafHash(changed));
  }

  private static String leafHash(TreeMap<String, String> members) throws IOException {
    return Base64.getEncoder().encodeToString(new Trail.Entry(0, members).leafHash());
  }
}
