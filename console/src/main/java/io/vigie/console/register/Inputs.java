package io.vigie.console.register;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Period;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import jakarta.enterprise.context.RequestScoped;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.mutiny.Uni;
import io.vigie.console.page.Viewer;
import io.vigie.console.register.Names.Found;
import io.vigie.console.register.Register.Input;

/** What people type and choose, and what services take. */
@RequestScoped
class Inputs {

  record Option(String value, String label, boolean isChosen) {}

  /**
   * A field of a form.
   *
   * @param options not empty where one of them is to be chosen
   * @param problem what is wrong with what was typed; null for nothing
   */
  record Field(
      String name,
      String label,
      String type,
      String value,
      List<Option> options,
      boolean required,
      int most,
      String problem) {}

  /**
   * What was typed, as a service takes it.
   *
   * @param problems what is wrong with what, by name
   * @param several those who may be meant, by the name of the input
   */
  record Filled(ObjectNode body, Map<String, String> problems, Map<String, List<Found>> several) {

    boolean isWhole() {
      return problems.isEmpty();
    }
  }

  /** What is asked for by a name. */
  private static final List<String> NAMED = List.of("person", "account", "asset");

  /** What rows are called by; it may be in a path. */
  private static final Pattern ROW = Pattern.compile("[0-9A-Za-z-]{1,64}");

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,12}");

  /** So far from today: what a bookmark says that is to stay true. */
  private static final Pattern DISTANCE = Pattern.compile("P-?[0-9]{1,4}D");

  private final Names names;
  private final Me me;
  private final Viewer viewer;
  private final Clock clock;

  Inputs(Names names, Me me, Viewer viewer, Clock clock) {
    this.names = names;
    this.me = me;
    this.viewer = viewer;
    this.clock = clock;
  }

  /** Fails where names are looked for and their service is away. */
  Uni<Filled> fill(List<Input> inputs, Map<String, String> typed) {
    Filled filled =
        new Filled(JsonNodeFactory.instance.objectNode(), new HashMap<>(), new HashMap<>());
    List<Uni<Void>> sought = new ArrayList<>();
    for (Input input : inputs) {
      String text = text(typed.get(input.name()));
      if (text.isEmpty() && !isSomething(input)) {
        if (input.required()) {
          problem(filled, input, "missing");
        }
      } else if (text.length() > input.most()) {
        problem(filled, input, "long");
      } else if (NAMED.contains(input.type())) {
        sought.add(seek(filled, input, text));
      } else {
        take(filled, input, text);
      }
    }
    return sought.isEmpty()
        ? Uni.createFrom().item(filled)
        : Uni.join().all(sought).andFailFast().replaceWith(filled);
  }

  /** Whether it says something that nothing is typed: that it is not so, or that there are none. */
  private static boolean isSomething(Input input) {
    return input.type().equals("flag") || input.type().equals("lines") && !input.required();
  }

  /** A browser counts the end of a line once, and sends it as two. */
  private static String text(String typed) {
    return typed == null ? "" : typed.replace("\r\n", "\n").strip();
  }

  private void take(Filled filled, Input input, String text) {
    ObjectNode body = filled.body();
    switch (input.type()) {
      case "flag" -> body.put(input.name(), text.equals("true"));
      case "yesno" -> body.put(input.name(), text.equals("true"));
      case "level", "choice" -> {
        if (!input.options().contains(text)) {
          problem(filled, input, "choice");
        } else if (input.type().equals("level")) {
          body.put(input.name(), Integer.parseInt(text));
        } else {
          body.put(input.name(), text);
        }
      }
      case "time" -> {
        try {
          body.put(
              input.name(),
              LocalDateTime.parse(near(input, text)).atZone(viewer.zone()).toInstant().toString());
        } catch (DateTimeException e) {
          problem(filled, input, "time");
        }
      }
      case "date" -> {
        try {
          body.put(input.name(), LocalDate.parse(near(input, text)).toString());
        } catch (DateTimeException e) {
          problem(filled, input, "date");
        }
      }
      case "number" -> {
        if (NUMBER.matcher(text).matches()) {
          body.put(input.name(), Long.parseLong(text));
        } else {
          problem(filled, input, "number");
        }
      }
      case "lines" ->
          text.lines()
              .map(String::strip)
              .filter(line -> !line.isEmpty())
              .forEach(body.putArray(input.name())::add);
      case "row" -> {
        if (NUMBER.matcher(text).matches()) {
          body.put(input.name(), Long.parseLong(text));
        } else if (ROW.matcher(text).matches()) {
          body.put(input.name(), text);
        } else {
          problem(filled, input, "choice");
        }
      }
      case "id" -> {
        if (Values.ID.matcher(text).matches()) {
          body.put(input.name(), text);
        } else {
          problem(filled, input, "id");
        }
      }
      default -> body.put(input.name(), text);
    }
  }

  /** The day that is so far from today, or its beginning; any other text as it is. */
  private String near(Input input, String text) {
    if (!DISTANCE.matcher(text).matches()) {
      return text;
    }
    LocalDate day = LocalDate.now(clock.withZone(viewer.zone())).plus(Period.parse(text));
    return switch (input.type()) {
      case "date" -> day.toString();
      case "time" -> day.atStartOfDay().toString();
      default -> text;
    };
  }

  private Uni<Void> seek(Filled filled, Input input, String text) {
    boolean isAccount = input.type().equals("account");
    boolean isAsset = input.type().equals("asset");
    if (Values.ID.matcher(text).matches()) {
      filled.body().put(input.name(), text);
      return Uni.createFrom().voidItem();
    }
    if (text.equals("me") && !isAsset) {
      Uni<String> mine = isAccount ? Uni.createFrom().item(me.account()) : me.person();
      return mine.invoke(
              id -> {
                if (id == null) {
                  problem(filled, input, "not-a-person");
                } else {
                  filled.body().put(input.name(), id);
                }
              })
          .replaceWithVoid();
    }
    return (isAsset ? names.searchAssets(text) : names.search(text))
        .invoke(
            all -> {
              List<Found> found =
                  all.stream().filter(one -> !isAccount || one.account() != null).toList();
              if (found.size() == 1) {
                filled.body().put(input.name(), id(found.get(0), isAccount));
              } else {
                String many = isAsset ? "several-assets" : "several";
                problem(filled, input, !found.isEmpty() ? many : isAsset ? "no-asset" : "nobody");
                filled.several().put(input.name(), found);
              }
            })
        .replaceWithVoid();
  }

  private static String id(Found found, boolean isAccount) {
    return isAccount ? found.account() : found.id();
  }

  private void problem(Filled filled, Input input, String name) {
    filled.problems().put(input.name(), DataWords.of("problem." + name, viewer.language()));
  }

  /** The fields of a form as it was typed; {@code filled} is null for a fresh one. */
  List<Field> fields(List<Input> inputs, Map<String, String> typed, Filled filled) {
    return fields(inputs, typed, filled, Map.of());
  }

  /**
   * @param rows what there is to choose from, by the names of the inputs
   */
  List<Field> fields(
      List<Input> inputs,
      Map<String, String> typed,
      Filled filled,
      Map<String, Map<String, String>> rows) {
    return inputs.stream()
        .map(input -> field(input, typed, filled, rows.getOrDefault(input.name(), Map.of())))
        .toList();
  }

  private Field field(
      Input input, Map<String, String> typed, Filled filled, Map<String, String> rows) {
    String value =
        near(input, typed.getOrDefault(input.name(), input.preset() == null ? "" : input.preset()));
    List<Found> several =
        filled == null ? List.of() : filled.several().getOrDefault(input.name(), List.of());
    boolean isAccount = input.type().equals("account");
    List<Option> options =
        several.isEmpty()
            ? (rows.isEmpty() ? input.options() : List.copyOf(rows.keySet()))
                .stream()
                    .map(
                        each ->
                            new Option(
                                each,
                                rows.getOrDefault(each, label(input, each)),
                                each.equals(value)))
                    .toList()
            : several.stream()
                .map(each -> new Option(id(each, isAccount), each.name(), false))
                .toList();
    return new Field(
        input.name(),
        DataWords.ofField(input.name(), viewer.language()),
        input.type(),
        value,
        options,
        input.required(),
        input.most(),
        filled == null ? null : filled.problems().get(input.name()));
  }

  private String label(Input input, String option) {
    if (input.name().equals(Register.SORT)) {
      String field = DataWords.ofField(Values.lastName(option.replace("-", "")), viewer.language());
      return option.startsWith("-")
          ? DataWords.of("sort.down", viewer.language()).formatted(field)
          : field;
    }
    String words =
        DataWords.of("value." + Values.lastName(input.name()) + "." + option, viewer.language());
    return words == null ? option : words;
  }
}
