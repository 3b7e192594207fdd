package io.vigie.console.register;

import java.net.URLEncoder;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;
import io.vigie.console.page.Viewer;

import static java.nio.charset.StandardCharsets.UTF_8;

/** What services answer, as people read it. */
final class Values {

  /**
   * @param href where it leads; null for nowhere
   * @param code whether it is for machines
   */
  record Value(String text, String href, boolean code) {}

  /** A field with what it has. */
  record Line(String label, List<Value> values) {}

  /**
   * What a column has.
   *
   * @param href of the list in the order of this, or in the other where it is in that; null where
   *     it cannot be
   * @param order {@code ascending} or {@code descending} where the list is in it; else null
   */
  record Head(String label, String href, String order) {

    static List<Head> of(List<String> columns, Locale language) {
      return DataWords.ofFields(columns, language).stream()
          .map(label -> new Head(label, null, null))
          .toList();
    }
  }

  /**
   * An object in a list.
   *
   * @param href of its page; null where it has none
   */
  record Row(String title, String href, List<List<Value>> cells) {}

  static final Pattern ID = Pattern.compile("[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}");

  private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z");
  private static final Pattern DATE = Pattern.compile("\\d{4}-\\d\\d-\\d\\d");

  /** Of one of a list, at the end of its path. */
  private static final Pattern NUMBER = Pattern.compile("\\.\\d+$");

  /** Said by the page in other ways. */
  private static final List<String> HIDDEN = List.of("version");

  private final Registers registers;
  private final Register of;
  private final Viewer viewer;
  private final Map<String, String> names;

  /**
   * @param of the register whose page it is; null where it is none's
   * @param names of people, assets and zones, by id; of people by that of their account, too
   */
  Values(Registers registers, Register of, Viewer viewer, Map<String, String> names) {
    this.registers = registers;
    this.of = of;
    this.viewer = viewer;
    this.names = names;
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  /** All that an object has, one thing a line, what is inside others after them. */
  List<Line> lines(JsonNode object) {
    List<Line> lines = new ArrayList<>();
    add(lines, "", object);
    return lines;
  }

  private void add(List<Line> lines, String before, JsonNode object) {
    object
        .properties()
        .forEach(
            field -> {
              if (!HIDDEN.contains(field.getKey())) {
                add(lines, before, field.getKey(), field.getValue());
              }
            });
  }

  private void add(List<Line> lines, String before, String name, JsonNode value) {
    String label = before + DataWords.ofField(name, viewer.language());
    if (value.has("en") && value.has("fr")) {
      add(lines, before, name, value.path(viewer.language().getLanguage()));
      return;
    }
    if (value.isObject()) {
      add(lines, label + " · ", value);
      return;
    }
    List<Value> values = of(name, value);
    if (!values.isEmpty()) {
      lines.add(new Line(label, values));
    }
    int number = 0;
    for (JsonNode each : value) {
      number++;
      if (each.isObject()) {
        add(lines, label + " " + number + " · ", each);
      }
    }
  }

  /** Rows of a list, each with what its columns have. */
  List<Row> rows(List<JsonNode> objects, List<String> title, List<String> columns, String address) {
    return objects.stream()
        .map(
            object ->
                new Row(
                    title(object, title),
                    address == null ? null : Registers.filled(address, object),
                    columns.stream()
                        .map(column -> of(lastName(column), Registers.at(object, column)))
                        .toList()))
        .toList();
  }

  /** What people call an object. */
  String title(JsonNode object, List<String> title) {
    String text =
        title.stream()
            .map(path -> inLanguage(path, viewer.language()))
            .flatMap(path -> of(lastName(path), Registers.at(object, path)).stream())
            .map(Value::text)
            .collect(Collectors.joining(" "));
    return text.isBlank() ? object.path("id").asText() : text;
  }

  /** What services have in both languages has the language at the end of its name. */
  static String inLanguage(String path, Locale language) {
    return path.endsWith("En") && language.getLanguage().equals("fr")
        ? path.substring(0, path.length() - 2) + "Fr"
        : path;
  }

  /** The name of what a path leads to; of one of a list, as {@code assets.0}, the list's. */
  static String lastName(String path) {
    String named = NUMBER.matcher(path).replaceFirst("");
    return named.substring(named.lastIndexOf('.') + 1);
  }

  /** What a field has, each thing that it has; what is inside objects is left out. */
  private List<Value> of(String name, JsonNode value) {
    if (value.isArray()) {
      return value.valueStream().flatMap(each -> of(name, each).stream()).toList();
    }
    if (value.isMissingNode() || value.isNull() || value.isObject()) {
      return List.of();
    }
    return List.of(one(name, value));
  }

  private Value one(String name, JsonNode value) {
    if (value.isBoolean()) {
      return plain(DataWords.of(value.asBoolean() ? "yes" : "no", viewer.language()));
    }
    String text = value.asText();
    String words = DataWords.of("value." + name + "." + text, viewer.language());
    if (words != null) {
      return plain(words);
    }
    if (value.isIntegralNumber() && !name.equals("ports")) {
      return plain(viewer.number(value.asLong()));
    }
    if (ID.matcher(text).matches()) {
      return identified(name, text);
    }
    String elsewhere = registers.address(text);
    if (elsewhere != null) {
      return new Value(text, elsewhere, true);
    }
    return plain(timed(text));
  }

  private Value identified(String name, String id) {
    Register register = registers.referredTo(of, name);
    String address =
        register != null && register.item() != null
            ? "/" + register.name() + "/" + id
            : registers.isAccount(of, name) ? "/people?subject=" + id : null;
    String called = register != null || registers.namesAccount(of, name) ? names.get(id) : null;
    return new Value(called == null ? id : called, address, called == null);
  }

  private String timed(String text) {
    try {
      if (TIME.matcher(text).matches()) {
        return viewer.time(Instant.parse(text));
      }
      if (DATE.matcher(text).matches()) {
        return viewer.date(LocalDate.parse(text));
      }
    } catch (DateTimeParseException e) {
      // Somebody wrote what only looks like a time.
    }
    return text;
  }

  private static Value plain(String text) {
    return new Value(text, null, false);
  }
}
