package io.vigie.verifier;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

import com.fasterxml.jackson.databind.ObjectMapper;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class JsonTest {

  private static final ObjectMapper JACKSON = new ObjectMapper();

  @Property
  void whatAnotherWriterWroteIsReadBack(@ForAll @Size(max = 60) Map<String, String> members)
      throws Exception {
    Map<String, String> whole = new HashMap<>();
    members.forEach((name, value) -> whole.put(wellFormed(name), wellFormed(value)));
    assertEquals(whole, Json.object(JACKSON.writeValueAsBytes(whole)));
  }

  @Property
  void arbitraryBytesAreReadOrRefusedAndNothingElse(@ForAll byte[] bytes) {
    try {
      Json.object(bytes);
    } catch (Json.Malformed refused) {
      assertEquals(0, refused.getStackTrace().length);
    }
  }

  @Test
  void nullIsAMemberWithoutValue() throws Exception {
    Map<String, String> members = Json.object("{\"salt\":null,\"payload\":\"\"}");
    assertTrue(members.containsKey("salt"));
    assertNull(members.get("salt"));
    assertEquals("", members.get("payload"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // RFC 8785, section 3.2.2.2: the short escapes, lower case digits, all else as it is
        "{\"a\":\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\",\"b\":\"\"}",
        // the other way round, and as RFC 8259 lets others write it
        "{\"b\":\"\",\"\\u0061\":\"\\u20AC$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\"}"
      })
  void anObjectIsReadInItsCanonicalFormAndInOthersThatSayTheSame(String text) throws Exception {
    assertEquals(Map.of("a", "\u20ac$\u000f\nA'B\"\\\\\"/", "b", ""), Json.object(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "}",
        "null",
        "\"text\"",
        "[]",
        "{} ",
        " {}",
        "{}{}",
        "{\"a\":1}",
        "{\"a\":true}",
        "{\"a\":{}}",
        "{\"a\":[]}",
        "{\"a\":nul}",
        "{\"a\":\"1\",}",
        "{\"a\" :\"1\"}",
        "{\"a\":\"1\",\"a\":\"1\"}",
        "{\"a\":\"1\",\"\\u0061\":\"1\"}",
        "{'a':'1'}",
        "{a:\"1\"}",
        "{\"a\":\"1",
        "{\"a\":\"\\",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u00",
        "{\"a\":\"\\u00g0\"}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\\ud800x\"}",
        "{\"a\":\"\\ud800",
        "{\"a\":\"\\udc00\"}",
        "{\"a\":\"\t\"}",
        "{\"a\":\"\n\"}"
      })
  void anythingButOneCompactObjectOfStringsIsRefused(String text) {
    assertThrows(Json.Malformed.class, () -> Json.object(text));
  }

  @Test
  void bytesThatAreNoUtf8AreRefused() {
    byte[] overlong = "{\"a\":\"..\"}".getBytes(StandardCharsets.US_ASCII);
    overlong[6] = (byte) 0xc0;
    overlong[7] = (byte) 0xaf;
    assertThrows(Json.Malformed.class, () -> Json.object(overlong));
  }

  @Test
  void anObjectWithoutEndOfMembersIsRefused() {
    StringBuilder members = new StringBuilder("{\"m\":null");
    for (int i = 0; i < 100; i++) {
      members.append(",\"m").append(i).append("\":null");
    }
    assertThrows(Json.Malformed.class, () -> Json.object(members + "}"));
  }

  /** Random text may hold half a surrogate pair, which no UTF-8 can carry. */
  private static String wellFormed(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
