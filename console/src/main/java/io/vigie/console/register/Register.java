package io.vigie.console.register;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

/**
 * A list of objects that a service has, and what the console does with it.
 *
 * @param name its address here
 * @param kind of its objects, as the log names them; null where they have no events
 * @param path of the list at the service; with a field in braces where each of other objects has
 *     such a list, on its page, and nobody has them all
 * @param item path of one object at the service, with fields of the object in braces; null where
 *     there is none, and the list has all that there is to say
 * @param key the field that has its id
 * @param within the field that has the id of what it belongs to, where its paths have that, too
 * @param address of one object here, as {@code item}
 * @param roles who may read it
 * @param title the fields that name an object to people
 * @param means what fields have the ids of, a register or {@code account}, where that is not what
 *     they have elsewhere
 * @param fields what a table of them has: their plain fields by their paths, in the order of the
 *     service's answers; empty where the service writes the table
 * @param sorts fields that the service sorts by; among the filters they are the choice {@link
 *     #SORT}
 * @param views names of queries that are asked often
 * @param export path of the list as CSV at the service; null where that writes none
 * @param imports how tables come in; null where none do
 * @param files that the service makes of one object
 * @param attached files that people attached to one; null where they attach none. A section of
 *     their name leads to them
 * @param create how a new one is made, at the path of the list; null where none are
 */
record Register(
    String name,
    String group,
    String kind,
    String service,
    String path,
    String item,
    String key,
    String within,
    String address,
    List<String> roles,
    List<String> title,
    Map<String, String> means,
    List<String> columns,
    List<String> fields,
    List<String> sorts,
    List<Input> filters,
    Map<String, String> views,
    String export,
    Imports imports,
    List<File> files,
    Attached attached,
    Action create,
    List<Section> sections,
    List<Action> actions) {

  /** The order of a list, as services ask for it: a field, from its end after a minus. */
  static final String SORT = "sort";

  Register {
    key = key == null ? "id" : key;
    address =
        address == null
            ? "/%s/{%s}".formatted(name, key)
                + (within == null ? "" : "?%1$s={%1$s}".formatted(within))
            : address;
    means = means == null ? Map.of() : means;
    columns = orEmpty(columns);
    fields = orEmpty(fields);
    filters = orEmpty(filters);
    views = views == null ? Map.of() : views;
    sorts = orEmpty(sorts);
    filters = sorts.isEmpty() ? filters : ordered(filters, sorts);
    files = orEmpty(files);
    sections = orEmpty(sections);
    actions = orEmpty(actions);
  }

  /** All that leads to objects of this or of another register. */
  Stream<Action> acts() {
    return Stream.concat(actions.stream(), Stream.ofNullable(create));
  }

  /** Whether all of them have a list of their own. */
  boolean isListed() {
    return !path.contains("{");
  }

  private static List<Input> ordered(List<Input> filters, List<String> sorts) {
    List<String> options = sorts.stream().flatMap(sort -> Stream.of(sort, "-" + sort)).toList();
    List<Input> all = new ArrayList<>(filters);
    all.add(new Input(SORT, "choice", options, false, 0, null, null));
    return all;
  }

  /**
   * Something to be typed or chosen.
   *
   * @param name where it is to be sent, with dots to what is inside of what, and the number of what
   *     is one of a list
   * @param type {@code text}, {@code long}, {@code choice}, {@code level}, {@code flag}, {@code
   *     yesno}, {@code time}, {@code date}, {@code id}, {@code person}, {@code account} or {@code
   *     asset}: the last three take a name, times and dates also how many days from today they are
   *     ({@code P90D}, {@code P-30D}); a {@code number}, {@code lines} of text, or a {@code row} of
   *     what belongs to the object
   * @param most characters; 0 for 200
   * @param preset what is typed already; null for nothing
   * @param from what a row is chosen from; null for all else
   */
  record Input(
      String name,
      String type,
      List<String> options,
      boolean required,
      int most,
      String preset,
      Choice from) {

    Input {
      options = orEmpty(options);
      most = most == 0 ? 200 : most;
    }
  }

  /**
   * Rows to choose one from.
   *
   * @param section whose rows they are; null where they are in the object
   * @param field of the object, which has them
   * @param id the field of a row that is sent
   * @param title the fields that name a row to people
   * @param when what a row must be, as an action's
   */
  record Choice(
      String section, String field, String id, List<String> title, Map<String, JsonNode> when) {

    Choice {
      id = id == null ? "id" : id;
      when = when == null ? Map.of() : when;
    }
  }

  /**
   * A file that a service makes of an object.
   *
   * @param type {@code csv} or {@code pdf}
   * @param when as an action's
   */
  record File(
      String name, String type, String path, List<String> roles, Map<String, JsonNode> when) {

    File {
      when = when == null ? Map.of() : when;
    }

    /** Below the object's address here. */
    String address() {
      return name + "." + type;
    }
  }

  /**
   * Files that people attached to an object, as they brought them.
   *
   * @param path of one at the service, with the object's {@code {id}}, where it is below that, and
   *     the {@code {file}}'s own in braces
   */
  record Attached(String name, String path, List<String> roles) {

    String at(String id, String file) {
      return path.replace("{id}", id).replace("{file}", file);
    }
  }

  /**
   * A service's way in for tables (CSV), which it looks at with {@code dryRun=true}.
   *
   * @param object the field of a row's result that has the id of what the row is about
   * @param columns those that a table can have
   */
  record Imports(String path, List<String> roles, String object, List<String> columns) {}

  /**
   * A list of what belongs to an object.
   *
   * @param register whose objects they are; null where nobody has a page for them
   * @param row the field that has the id of such an object
   * @param curves fields to draw, each with the one that has its goal
   * @param when as an action's
   */
  record Section(
      String name,
      String service,
      String path,
      String register,
      String row,
      List<String> columns,
      Map<String, String> curves,
      List<String> roles,
      Map<String, JsonNode> when) {

    Section {
      row = row == null ? "id" : row;
      curves = curves == null ? Map.of() : curves;
      when = when == null ? Map.of() : when;
    }
  }

  /**
   * What somebody may do with an object.
   *
   * @param service where it is done; null for that of the register
   * @param path below the object's, which it is where it is null, or from the service's root where
   *     it begins with a slash; with fields of the object, and inputs, in braces
   * @param keep fields of the object that are sent as they are, where nothing else is typed
   * @param with what is sent beside what is typed, with fields of the object in braces; a list of
   *     the object where it is that alone, with what is typed of it at its end
   * @param when what its fields must be: one of a list, {@code present}, {@code absent}, {@code me}
   *     or {@code other} (the account), {@code myself} (the person), or a time {@code within} so
   *     long from now
   * @param may a list at the service that has the object where the service says that the caller may
   *     do it; null where it does not say
   * @param unless roles that need neither be {@code myself} nor in that list
   * @param unversioned whether it may be done to any version
   * @param severe whether it cannot be undone
   * @param leads the register of the answer's object; null where that is the same object
   * @param tells what the page calls the answer, where that says what nobody reads later; null
   *     where it says nothing else than the object does
   */
  record Action(
      String name,
      String service,
      String method,
      String path,
      List<String> keep,
      Map<String, String> with,
      List<String> roles,
      Map<String, JsonNode> when,
      String may,
      List<String> unless,
      boolean unversioned,
      boolean severe,
      String leads,
      String tells,
      List<Input> inputs) {

    Action {
      keep = orEmpty(keep);
      with = with == null ? Map.of() : with;
      when = when == null ? Map.of() : when;
      unless = orEmpty(unless);
      inputs = orEmpty(inputs);
    }

    /** At the service, of the object that is there. */
    String at(String object) {
      return path == null ? object : path.startsWith("/") ? path : object + "/" + path;
    }

    /** At the service, of an object with these fields, and with what was typed. */
    String at(String object, ObjectNode fields, ObjectNode typed) {
      return Registers.filled(at(object), fields.deepCopy().setAll(typed));
    }

    /**
     * What is sent about an object, with what was typed by the names of the inputs, but for what is
     * in the path; null where that is nothing at all.
     *
     * @param object as far as the action asks for it: its fields, or what its address has
     */
    ObjectNode body(JsonNode object, ObjectNode typed) {
      List<Input> inside = inputs.stream().filter(input -> !isInPath(input)).toList();
      if (inside.isEmpty() && keep.isEmpty() && with.isEmpty()) {
        return null;
      }
      ObjectNode body = JsonNodeFactory.instance.objectNode();
      for (String kept : keep) {
        JsonNode value = Registers.at(object, kept);
        if (!value.isMissingNode() && !value.isNull()) {
          body.set(Values.lastName(kept), value);
        }
      }
      with.forEach((name, text) -> body.set(name, filled(text, object)));
      inside.forEach(input -> put(body, input.name(), typed.get(input.name())));
      return body;
    }

    private static JsonNode filled(String text, JsonNode object) {
      JsonNode field =
          text.startsWith("{")
              ? Registers.at(object, text.substring(1, text.length() - 1))
              : MissingNode.getInstance();
      return field.isArray() ? field.deepCopy() : TextNode.valueOf(Registers.filled(text, object));
    }

    boolean isInPath(Input input) {
      return path != null && path.contains("{" + input.name() + "}");
    }

    /**
     * Puts a value where its name leads: {@code schedule.interval} in an object, {@code assets.0}
     * at the end of a list, {@code media.0.identifier} in the first of a list. A list is there, and
     * empty, where nobody typed anything of it.
     *
     * @param value null for none
     */
    private static void put(ObjectNode body, String name, JsonNode value) {
      String[] names = name.split("\\.", 2);
      boolean isOfList = names.length == 2 && Character.isDigit(names[1].charAt(0));
      ArrayNode list = isOfList ? body.withArrayProperty(names[0]) : null;
      if (value == null) {
        return;
      }
      if (list != null) {
        add(list, names[1].split("\\.", 2), value);
      } else if (names.length == 2) {
        put(body.withObjectProperty(names[0]), names[1], value);
      } else {
        body.set(name, value);
      }
    }

    private static void add(ArrayNode list, String[] number, JsonNode value) {
      if (number.length == 1) {
        list.add(value);
        return;
      }
      int wanted = Integer.parseInt(number[0]);
      while (list.size() <= wanted) {
        list.addObject();
      }
      put((ObjectNode) list.get(wanted), number[1], value);
    }

    /** Whether what is sent depends on how the object stands. */
    boolean asksForTheObject() {
      return !keep.isEmpty()
          || with.values().stream().anyMatch(text -> text.contains("{") && !text.equals("{id}"));
    }
  }

  private static <T> List<T> orEmpty(List<T> list) {
    return list == null ? List.of() : list;
  }
}
