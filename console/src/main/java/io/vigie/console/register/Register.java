package io.vigie.console.register;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A list of objects that a service has, and what the console does with it.
 *
 * @param name its address here
 * @param kind of its objects, as the log names them; null where they have no events
 * @param path of the list at the service
 * @param item path of one object at the service, with fields of the object in braces; null where
 *     there is none
 * @param address of one object here, as {@code item}
 * @param roles who may read it
 * @param title the fields that name an object to people
 * @param sorts fields that the service sorts by; among the filters they are the choice {@link
 *     #SORT}
 * @param views names of queries that are asked often
 * @param export path of the list as CSV at the service; null where there is none
 * @param imports how tables come in; null where none do
 * @param report of one object as CSV; null where there is none
 */
record Register(
    String name,
    String group,
    String kind,
    String service,
    String path,
    String item,
    String address,
    List<String> roles,
    List<String> title,
    List<String> columns,
    List<String> sorts,
    List<Input> filters,
    Map<String, String> views,
    String export,
    Imports imports,
    Report report,
    List<Section> sections,
    List<Action> actions) {

  Register {
    address = address == null ? "/" + name + "/{id}" : address;
    views = views == null ? Map.of() : views;
    sorts = orEmpty(sorts);
    filters = sorts.isEmpty() ? filters : ordered(filters, sorts);
    sections = orEmpty(sections);
    actions = orEmpty(actions);
  }

  /** The order of a list, as services ask for it: a field, from its end after a minus. */
  static final String SORT = "sort";

  private static List<Input> ordered(List<Input> filters, List<String> sorts) {
    List<String> options = sorts.stream().flatMap(sort -> Stream.of(sort, "-" + sort)).toList();
    List<Input> all = new ArrayList<>(filters);
    all.add(new Input(SORT, "choice", options, false, 0, null));
    return all;
  }

  /**
   * Something to be typed or chosen.
   *
   * @param type {@code text}, {@code long}, {@code choice}, {@code level}, {@code flag}, {@code
   *     yesno}, {@code time}, {@code date}, {@code id}, {@code person}, {@code account} or {@code
   *     asset}: the last three take a name, times and dates also how many days from today they are
   *     ({@code P90D}, {@code P-30D})
   * @param most characters; 0 for 200
   * @param preset what is typed already; null for nothing
   */
  record Input(
      String name, String type, List<String> options, boolean required, int most, String preset) {

    Input {
      options = orEmpty(options);
      most = most == 0 ? 200 : most;
    }
  }

  record Report(String path, List<String> roles) {}

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
   * @param path below the object's, or from the service's root where it begins with a slash
   * @param with what is sent beside what is typed, with fields of the object in braces
   * @param when what its fields must be: one of a list, {@code present}, {@code absent}, {@code me}
   *     or {@code other} (the account), {@code myself} (the person), or a time {@code within} so
   *     long from now
   * @param may a list at the service that has the object where the service says that the caller may
   *     do it; null where it does not say
   * @param unless roles that need neither be {@code myself} nor in that list
   * @param unversioned whether it may be done to any version
   * @param severe whether it cannot be undone
   * @param leads the register of the answer's object; null where that is the same object
   */
  record Action(
      String name,
      String method,
      String path,
      Map<String, String> with,
      List<String> roles,
      Map<String, JsonNode> when,
      String may,
      List<String> unless,
      boolean unversioned,
      boolean severe,
      String leads,
      List<Input> inputs) {

    Action {
      with = with == null ? Map.of() : with;
      when = when == null ? Map.of() : when;
      unless = orEmpty(unless);
      inputs = orEmpty(inputs);
    }

    /** At the service, of the object that is there. */
    String at(String object) {
      return path.startsWith("/") ? path : object + "/" + path;
    }
  }

  private static <T> List<T> orEmpty(List<T> list) {
    return list == null ? List.of() : list;
  }
}
