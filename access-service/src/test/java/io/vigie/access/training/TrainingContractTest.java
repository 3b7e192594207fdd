package io.vigie.access.training;

import java.util.List;

import io.vigie.kernel.DomainEvent;
import io.vigie.testkit.EventContracts;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class TrainingContractTest {

  @Test
  void everyEventKeepsItsPublishedContract() {
    for (Class<? extends DomainEvent> events :
        List.of(CourseEvent.class, AttendanceEvent.class, LapseEvent.class)) {
      assertEquals(events.getPermittedSubclasses().length, EventContracts.check(events).size());
    }
  }
}
