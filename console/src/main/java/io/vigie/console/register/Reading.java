package io.vigie.console.register;

import java.util.List;
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

  /** The ids of people, accounts, assets and zones on a page: their names are asked for at once. */
  final class Ids {

    private final Register of;
    private final Set<String> people = new TreeSet<>();
    private final Set<String> others = new TreeSet<>();

    private Ids(Register of) {
      this.of = of;
    }

    Ids in(JsonNode object) {
      collect(null, object);
      return this;
    }

    /** Of what these columns alone have: names that nobody sees are not asked. */
    Ids in(List<JsonNode> objects, List<String> columns) {
      objects.forEach(
          object ->
              columns.forEach(
                  column -> collect(Values.lastName(column), Registers.at(object, column))));
      return this;
    }

    Uni<Values> named() {
      return names.of(people, others).map(called -> new Values(registers, of, viewer, called));
    }

    private void collect(String name, JsonNode value) {
      if (value.isObject()) {
        value.properties().forEach(each -> collect(each.getKey(), each.getValue()));
      } else if (value.isArray()) {
        value.forEach(each -> collect(name, each));
      } else if (value.isTextual() && Values.ID.matcher(value.asText()).matches()) {
        Register register = registers.referredTo(of, name);
        if (register == null
            ? registers.namesAccount(of, name)
            : register.name().equals("people")) {
          people.add(value.asText());
        } else if (register != null && NAMED.contains(register.name())) {
          others.add(register.path() + "/" + value.asText());
        }
      }
    }
  }

  /**
   * @param of the register whose page it is; null where it is none's
   */
  Ids ids(Register of) {
    return new Ids(of);
  }
}
