package io.vigie.console.trace;

import java.io.IOException;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * What a receipt (c2sp.org/tlog-proof) says, to be read; nothing of it is verified here.
 *
 * @param entry the members of the entry
 * @param index where it stands in the log
 * @param origin the log's name, as its checkpoint says; as are {@code size} and {@code root}
 */
record ReceiptFile(Map<String, String> entry, long index, String origin, long size, String root) {

  private static final TypeReference<Map<String, String>> MEMBERS = new TypeReference<>() {};
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Pattern FORM =
      Pattern.compile(
          "c2sp\\.org/tlog-proof@v1\nextra (\\S+)\nindex ([0-9]{1,18})\n(?:\\S+\n)*\n(.+)\n([0-9]{1,18})\n(\\S+)\n[\\s\\S]*");

  /** Null for what is no receipt. */
  static ReceiptFile read(String file) {
    Matcher form = FORM.matcher(file);
    if (!form.matches()) {
      return null;
    }
    try {
      return new ReceiptFile(
          JSON.readValue(Base64.getDecoder().decode(form.group(1)), MEMBERS),
          Long.parseLong(form.group(2)),
          form.group(3),
          Long.parseLong(form.group(4)),
          form.group(5));
    } catch (IOException | IllegalArgumentException e) {
      return null;
    }
  }
}
