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

  private final Registers registers;
  private final Names names;
  private final Viewer viewer;

  Reading(Registers registers, Names names, Viewer viewer) {
    this.registers = registers;
    this.names = names;
    this.viewer = viewer;
  }

  /** With the names of the people and assets that these objects name by their ids. */
  Uni<Values> of(List<JsonNode> objects) {
    Set<String> people = new TreeSet<>();
    Set<String> assets = new TreeSet<>();
    objects.forEach(object -> collect(null, object, people, assets));
    return names.of(people, assets).map(this::with);
  }

  private Values with(Map<String, String> called) {
    return new Values(registers, viewer, called);
  }

  private void collect(String name, JsonNode value, Set<String> people, Set<String> assets) {
    if (value.isObject()) {
      value.properties().forEach(each -> collect(each.getKey(), each.getValue(), people, assets));
    } else if (value.isArray()) {
      value.forEach(each -> collect(name, each, people, assets));
    } else if (value.isTextual() && Values.ID.matcher(value.asText()).matches()) {
      Register register = registers.referredTo(name);
      if (register != null && register.name().equals("people")) {
        people.add(value.asText());
      } else if (register != null && register.name().equals("assets")) {
        assets.add(value.asText());
      }
    }
  }
}
