package io.vigie.incident;

import io.vigie.incident.evidence.AttachmentEvent;
import io.vigie.incident.finding.FindingEvent;
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
}
