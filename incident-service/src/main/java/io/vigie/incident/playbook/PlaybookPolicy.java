package io.vigie.incident.playbook;

import java.time.Duration;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import io.vigie.incident.Category;
import io.vigie.kernel.PolicyTable;

/** How often playbooks are exercised, and how the rota is kept: {@code playbooks.json}. */
@ApplicationScoped
class PlaybookPolicy {

  /** Where {@code categories} is null it is about all. */
  private record Exercise(List<Category> categories, int days) {}

  private record Rota(int maxDays, int aheadDays) {}

  private record Table(List<Exercise> exercises, Rota rota) {}

  private final Table table = PolicyTable.read("playbooks", Table.class);

  /** From one exercise to the next. */
  Duration interval(Category category) {
    return table.exercises().stream()
        .filter(
            exercise -> exercise.categories() == null || exercise.categories().contains(category))
        .findFirst()
        .map(exercise -> Duration.ofDays(exercise.days()))
        .orElseThrow(() -> new IllegalStateException("no interval is of " + category));
  }

  /** The longest that somebody is on call at a stretch. */
  Duration longestShift() {
    return Duration.ofDays(table.rota().maxDays());
  }

  /** How far ahead the rota has no gaps. */
  Duration rotaAhead() {
    return Duration.ofDays(table.rota().aheadDays());
  }
}
