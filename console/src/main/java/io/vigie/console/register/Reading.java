package io.vigie.console.register;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import jakarta.enterprise.context.RequestScoped;

import com.fasterxml.jackson.databind.JsonNode;
import io.smallrye.mutiny.Uni;
import io.vigie.console.page.Viewer;

/** Finds out what is needed to read what services answer. */
@RequestScoped
class Reading {

  /** Of these an object's name is asked for by its id. */
  private static final Set<String> NAMED = Set.of("assets", "zones");

  private final Registers registers;
  private final Names names;
  private final Viewer viewer;

  Reading(Registers registers, Names names, Viewer viewer) {
    this.registers = registers;
    this.names = names;
    this.viewer = viewer;
  }

  /** With the names of the people, assets and zones that an object names by their ids. */
  Uni<Values> of(JsonNode object) {
    Set<String> people = new TreeSet<>();
    Set<String> others = new TreeSet<>();
    collect(null, object, people, others);
    return names.of(people, others).map(this::with);
  }

  /** As of an object, of what these columns alone have: names that nobody sees are not asked. */
  Uni<Values> of(List<JsonNode> objects, List<String> columns) {
    Set<String> people = new TreeSet<>();
    Set<String> others = new TreeSet<>();
    objects.forEach(
        object ->
            columns.forEach(
                column ->
                    collect(
                        Values.lastName(column), Registers.at(object, column), people, others)));
    return names.of(people, others).map(this::with);
  }

  private Values with(Map<String, String> called) {
    return new Values(registers, viewer, called);
  }

  private void collect(String name, JsonNode value, Set<String> people, Set<String> others) {
    if (value.isObject()) {
      value.properties().forEach(each -> collect(each.getKey(), each.getValue(), people, others));
    } else if (value.isArray()) {
      value.forEach(each -> collect(name, each, people, others));
    } else if (value.isTextual() && Values.ID.matcher(value.asText()).matches()) {
      Register register = registers.referredTo(name);
      if (register != null && register.name().equals("people")) {
        people.add(value.asText());
      } else if (register != null && NAMED.contains(register.name())) {
        others.add(register.path() + "/" + value.asText());
      }
    }
  }
}
