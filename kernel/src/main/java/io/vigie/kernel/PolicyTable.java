package io.vigie.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

/** Reads tables and controls of the policy. */
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
    return parse(table(name), type);
  }

  /**
   * The control of a rule of {@code rules.json}, {@code contracts/controls/<rule>.json}.
   *
   * @throws UncheckedIOException when there is none, or it is no {@code type}
   */
  public static <T> T control(String rule, Class<T> type) {
    return parse("contracts/controls/" + rule + ".json", type);
  }

  /** What tells a table from other versions of it. */
  public static String digest(String name) {
    try {
      return Sha256.hex(content(table(name)));
    } catch (IOException e) {
      throw new UncheckedIOException(table(name), e);
    }
  }

  private static <T> T parse(String file, Class<T> type) {
    try {
      return JSON.readValue(content(file), type);
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }

  private static byte[] content(String file) throws IOException {
    try (InputStream content = PolicyTable.class.getResourceAsStream("/vigie/" + file)) {
      if (content == null) {
        throw new IOException("there is no " + file);
      }
      return content.readAllBytes();
    }
  }

  private static String table(String name) {
    return "contracts/policy/" + name + ".json";
  }
}
