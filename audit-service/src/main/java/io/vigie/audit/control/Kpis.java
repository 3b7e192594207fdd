package io.vigie.audit.control;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vigie.kernel.Problem;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * The figures of the dashboards: those of {@code contracts/kpis} that are named in {@code
 * vigie.kpis}. One without its files stops the start.
 */
@ApplicationScoped
class Kpis {

  private final Map<String, Kpi> byId = new LinkedHashMap<>();

  Kpis(@ConfigProperty(name = "vigie.kpis") List<String> ids, ObjectMapper json) {
    ids.forEach(id -> byId.put(id, read(id, json)));
  }

  private static Kpi read(String id, ObjectMapper json) {
    try {
      return new Kpi(
          new String(Controls.file("kpis/" + id + ".sql"), StandardCharsets.UTF_8),
          json.readValue(Controls.file("kpis/" + id + ".json"), Kpi.About.class));
    } catch (IOException e) {
      throw new UncheckedIOException(id, e);
    }
  }

  /** In the order of the dashboards. */
  Collection<Kpi> all() {
    return byId.values();
  }

  /** The figure, or 404. */
  Kpi require(String id) {
    Kpi kpi = byId.get(id);
    if (kpi == null) {
      throw Problem.notFound("There is no such figure. GET /v1/kpis lists all.");
    }
    return kpi;
  }
}
