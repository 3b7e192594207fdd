package io.vigie.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

/** Reads tables of the policy. */
public final class PolicyTable {

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES) // the explanations
          .build();

  private PolicyTable() {}

  /**
   * The table of {@code contracts/policy/<name>.json}.
   *
   * @throws UncheckedIOException when there is none, or it is no {@code type}: nothing works
   *     without it
   */
  public static <T> T read(String name, Class<T> type) {
    try {
      return JSON.readValue(content(name), type);
    } catch (IOException e) {
      throw new UncheckedIOException(file(name), e);
    }
  }

  /** What tells a table from other versions of it. */
  public static String digest(String name) {
    try {
      return Sha256.hex(content(name));
    } catch (IOException e) {
      throw new UncheckedIOException(file(name), e);
    }
  }

  private static byte[] content(String name) throws IOException {
    try (InputStream table = PolicyTable.class.getResourceAsStream("/vigie/" + file(name))) {
      if (table == null) {
        throw new IOException("there is no table " + name);
      }
      return table.readAllBytes();
    }
  }

  private static String file(String name) {
    return "contracts/policy/" + name + ".json";
  }
}
