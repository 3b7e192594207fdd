package io.vigie.console.register;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import jakarta.inject.Singleton;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import static java.net.URLEncoder.encode;
import static java.nio.charset.StandardCharsets.UTF_8;

/** All registers. */
@Singleton
public class Registers {

  /** The registers' names, as a path may have them. */
  static final String NAMES =
      "assets|suppliers|components|vulnerabilities|zones|flows|network-findings|people|rights"
          + "|entitlements|campaigns|reports|incidents|alerts|scan-findings|notification-clocks|backup-plans|backup-runs|restore-tests";

  private static final Pattern FIELD = Pattern.compile("\\{([A-Za-z.]+)}");
  private static final Pattern SUBJECT =
      Pattern.compile("([a-z-]+)/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})");

  /**
   * @param references which register a field's ids are of
   * @param accounts fields that have the account of somebody
   */
  private record Table(
      Map<String, String> references, List<String> accounts, List<Register> registers) {}

  private final Map<String, Register> byName = new LinkedHashMap<>();
  private final Table table;

  Registers(ObjectMapper json) {
    try (InputStream file =
        Thread.currentThread()
            .getContextClassLoader()
            .getResourceAsStream("register/registers.json")) {
      table = json.readValue(file, Table.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    table.registers().forEach(register -> byName.put(register.name(), register));
  }

  List<Register> all() {
    return table.registers();
  }

  Register named(String name) {
    return byName.get(name);
  }

  /** Of a field's ids; null where nobody has a page for them. */
  Register referredTo(String field) {
    return byName.get(table.references().get(field));
  }

  boolean isAccount(String field) {
    return table.accounts().contains(field);
  }

  /** Whether a field's account stands for somebody; {@code subject} is the account itself. */
  boolean namesAccount(String field) {
    return isAccount(field) && !field.equals("subject");
  }

  /**
   * Where something is that is named as {@code <kind>/<id>}.
   *
   * @return null where it has no page of its own
   */
  public String address(String subject) {
    Matcher named = SUBJECT.matcher(subject == null ? "" : subject);
    if (!named.matches()) {
      return null;
    }
    return all().stream()
        .filter(register -> named.group(1).equals(register.kind()))
        .filter(register -> register.address().equals("/" + register.name() + "/{id}"))
        .map(register -> "/" + register.name() + "/" + named.group(2))
        .findFirst()
        .orElse(null);
  }

  /** The template with the object's fields in it; null where one of them is missing. */
  static String filled(String template, JsonNode object) {
    StringBuilder filled = new StringBuilder();
    Matcher fields = FIELD.matcher(template);
    while (fields.find()) {
      JsonNode value = at(object, fields.group(1));
      if (value.isMissingNode() || value.isNull()) {
        return null;
      }
      fields.appendReplacement(filled, Matcher.quoteReplacement(encode(value.asText(), UTF_8)));
    }
    return fields.appendTail(filled).toString();
  }

  /** A field of an object by its path, with dots; missing where it has none. */
  static JsonNode at(JsonNode object, String path) {
    JsonNode value = object;
    for (String name : path.split("\\.")) {
      value = value.path(name);
    }
    return value;
  }
}
