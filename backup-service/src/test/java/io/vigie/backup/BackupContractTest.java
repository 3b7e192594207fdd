package io.vigie.backup;

import io.vigie.backup.plan.CoverageEvent;
import io.vigie.backup.plan.ExceptionEvent;
import io.vigie.backup.plan.PlanEvent;
import io.vigie.backup.run.RunEvent;
import io.vigie.kernel.DomainEvent;
import io.vigie.testkit.EventContracts;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class BackupContractTest {

  @ParameterizedTest
  @ValueSource(
      classes = {PlanEvent.class, CoverageEvent.class, ExceptionEvent.class, RunEvent.class})
  void everyEventKeepsItsPublishedContract(Class<? extends DomainEvent> events) {
    assertEquals(events.getPermittedSubclasses().length, EventContracts.check(events).size());
  }
}
