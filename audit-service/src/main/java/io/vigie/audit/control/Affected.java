package io.vigie.audit.control;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

import io.vigie.audit.control.Control.Naming;
import io.vigie.audit.control.Control.Trigger;

/** What changes mean to one control; of several events that mean an object, the last one counts. */
final class Affected {

  private final Map<UUID, UUID> eventByObject = new LinkedHashMap<>();
  private final Map<Naming, Map<UUID, UUID>> eventByNamed = new HashMap<>();
  private UUID every;
  private UUID last;

  void add(Trigger trigger, Change change) {
    last = change.event();
    if (trigger.every()) {
      every = change.event();
    } else if (trigger.namedBy() != null) {
      eventByNamed
          .computeIfAbsent(trigger.namedBy(), any -> new LinkedHashMap<>())
          .put(change.id(), change.event());
    } else if (trigger.names() != null) {
      change.named(trigger.names()).forEach(id -> eventByObject.put(id, change.event()));
    } else {
      eventByObject.put(change.id(), change.event());
    }
  }

  boolean isNothing() {
    return last == null;
  }

  /** The last event that means every object; null where none does. */
  UUID every() {
    return every;
  }

  /** The last of the events. */
  UUID last() {
    return last;
  }

  /** The objects to judge again that are known so far, each with the event that says so. */
  Map<UUID, UUID> eventByObject() {
    return eventByObject;
  }

  /** Objects by which others are to be found that name them, each with the event that says so. */
  Map<Naming, Map<UUID, UUID>> eventByNamed() {
    return eventByNamed;
  }
}
