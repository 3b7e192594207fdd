package io.vigie.asset.inventory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import io.vigie.kernel.PolicyTable;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;

/** The kinds of assets: {@code contracts/policy/asset-kinds.json}, in the order of that file. */
@ApplicationScoped
public class Kinds {

  /** What people read. */
  public record Title(String en, String fr) {}

  /**
   * @param networked whether such a thing has an address, and so a zone (R9.1)
   * @param medium whether it is a medium itself, and so has a custodian and a place (R10.2)
   * @param deployable whether software is deployed to such a thing, or it is that itself (R11.3)
   * @param media what may be in it that holds data
   */
  public record Kind(
      Title title,
      boolean networked,
      boolean medium,
      boolean deployable,
      Set<Medium> media,
      Map<String, Attribute> attributes) {}

  private record Table(Map<String, Kind> kinds) {}

  private final Map<String, Kind> kinds = PolicyTable.read("asset-kinds", Table.class).kinds();

  public Map<String, Kind> all() {
    return kinds;
  }

  /** The names of the kinds of which that is so. */
  public Set<String> named(Predicate<Kind> what) {
    return kinds.entrySet().stream()
        .filter(kind -> what.test(kind.getValue()))
        .map(Map.Entry::getKey)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The kind of this name; 400 when there is none. Null for null. */
  public Kind require(String name) {
    Kind kind = kinds.get(name);
    if (name != null && kind == null) {
      throw Problem.invalid(
          List.of(new FieldError("kind", "is not one of " + String.join(", ", kinds.keySet()))));
    }
    return kind;
  }

  /** The type that the attribute of this name has in every kind; 400 when no kind has it. */
  private Attribute.Type typeOf(String attribute) {
    return kinds.values().stream()
        .map(kind -> kind.attributes().get(attribute))
        .filter(Objects::nonNull)
        .findFirst()
        .orElseThrow(
            () -> Problem.invalid(List.of(new FieldError("attribute", "no kind has " + attribute))))
        .type();
  }

  /**
   * The value that a text stands for in this attribute; the text itself where it stands for none.
   */
  public Object value(String attribute, String text) {
    return typeOf(attribute).value(text);
  }

  /** Whether an asset of this kind can have this attribute with this value. */
  public boolean accepts(String kind, String attribute, Object value) {
    Attribute known = require(kind).attributes().get(attribute);
    return known != null && known.error(value) == null;
  }

  /** Fails with 400, naming each attribute that is not one of its kind's, or missing. */
  public void check(Details details) {
    List<FieldError> errors = errors(details);
    if (!errors.isEmpty()) {
      throw Problem.invalid(errors);
    }
  }

  /** What {@code details} have that their kind does not allow, or lack. */
  public List<FieldError> errors(Details details) {
    Kind kind = require(details.kind());
    if (kind == null) {
      return List.of(new FieldError("kind", "must not be absent"));
    }
    List<FieldError> errors = new ArrayList<>();
    Set<String> names = new TreeSet<>(kind.attributes().keySet());
    names.addAll(details.attributes().keySet());
    for (String name : names) {
      Attribute attribute = kind.attributes().get(name);
      String error =
          attribute == null
              ? "is not an attribute of this kind; known: " + kind.attributes().keySet()
              : attribute.error(details.attributes().get(name));
      if (error != null) {
        errors.add(new FieldError("attributes." + name, error));
      }
    }
    return errors;
  }
}
