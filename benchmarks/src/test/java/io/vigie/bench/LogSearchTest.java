package io.vigie.bench;

import java.util.List;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

/** No search is timed whose answer is wrong. */
class LogSearchTest {

  private static void compare(boolean goesOn, List<Long> page, List<Long> found) {
    ObjectNode body = new ObjectMapper().createObjectNode();
    ArrayNode items = body.putArray("items");
    page.forEach(index -> items.addObject().put("index", index));
    LogSearch.requireSame("/v1/log/entries", new LogApi.Timed(body, 1, goesOn), found);
  }

  @Test
  void aPageIsWhatSqlFinds() {
    assertDoesNotThrow(() -> compare(true, List.of(3L, 5L), List.of(3L, 5L)));
    assertDoesNotThrow(() -> compare(false, List.of(), List.of()));
  }

  @Test
  void aPageThatWasCutShortIsItsBeginning() {
    assertDoesNotThrow(() -> compare(true, List.of(3L), List.of(3L, 5L)));
    assertThrows(IllegalStateException.class, () -> compare(true, List.of(5L), List.of(3L, 5L)));
  }

  @Test
  void aPageThatLacksOrHasMoreThanSqlFindsIsNone() {
    assertThrows(IllegalStateException.class, () -> compare(false, List.of(3L), List.of(3L, 5L)));
    assertThrows(IllegalStateException.class, () -> compare(false, List.of(3L, 5L), List.of(3L)));
    assertThrows(IllegalStateException.class, () -> compare(true, List.of(3L, 5L), List.of(3L)));
    assertThrows(
        IllegalStateException.class, () -> compare(false, List.of(5L, 3L), List.of(3L, 5L)));
  }
}
