package io.vigie.incident;

import io.vigie.incident.alert.AlertEvent;
import io.vigie.incident.alert.SilenceEvent;
import io.vigie.incident.clock.ClockEvent;
import io.vigie.incident.compromise.CompromiseEvent;
import io.vigie.incident.evidence.AttachmentEvent;
import io.vigie.incident.finding.FindingEvent;
import io.vigie.incident.monitor.MonitorEvent;
import io.vigie.incident.notice.NoticeEvent;
import io.vigie.incident.playbook.PlaybookEvent;
import io.vigie.incident.playbook.RotaEvent;
import io.vigie.testkit.EventContracts;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class IncidentContractTest {

  @Test
  void everyEventKeepsItsPublishedContract() {
    assertEquals(
        IncidentEvent.class.getPermittedSubclasses().length,
        EventContracts.check(IncidentEvent.class).size());
  }

  @Test
  void everyEventOfAClockKeepsItsPublishedContract() {
    assertEquals(
        ClockEvent.class.getPermittedSubclasses().length,
        EventContracts.check(ClockEvent.class).size());
  }

  @Test
  void everyEventOfAnAttachmentKeepsItsPublishedContract() {
    assertEquals(
        AttachmentEvent.class.getPermittedSubclasses().length,
        EventContracts.check(AttachmentEvent.class).size());
  }

  @Test
  void everyEventOfAPlaybookAndOfTheRotaKeepsItsPublishedContract() {
    assertEquals(
        PlaybookEvent.class.getPermittedSubclasses().length,
        EventContracts.check(PlaybookEvent.class).size());
    assertEquals(
        RotaEvent.class.getPermittedSubclasses().length,
        EventContracts.check(RotaEvent.class).size());
  }

  @Test
  void everyEventOfAScanKeepsItsPublishedContract() {
    assertEquals(
        FindingEvent.class.getPermittedSubclasses().length,
        EventContracts.check(FindingEvent.class).size());
  }

  @Test
  void everyEventOfANoticeKeepsItsPublishedContract() {
    assertEquals(
        NoticeEvent.class.getPermittedSubclasses().length,
        EventContracts.check(NoticeEvent.class).size());
  }

  @Test
  void everyEventOfAnAlertAndOfASilenceKeepsItsPublishedContract() {
    assertEquals(
        AlertEvent.class.getPermittedSubclasses().length,
        EventContracts.check(AlertEvent.class).size());
    assertEquals(
        SilenceEvent.class.getPermittedSubclasses().length,
        EventContracts.check(SilenceEvent.class).size());
  }

  @Test
  void everyEventOfACompromiseKeepsItsPublishedContract() {
    assertEquals(
        CompromiseEvent.class.getPermittedSubclasses().length,
        EventContracts.check(CompromiseEvent.class).size());
  }

  @Test
  void everyEventOfAMonitorKeepsItsPublishedContract() {
    assertEquals(
        MonitorEvent.class.getPermittedSubclasses().length,
        EventContracts.check(MonitorEvent.class).size());
  }
}
