package io.vigie.access;

import java.util.List;

import io.vigie.access.approval.DelegationEvent;
import io.vigie.access.client.ClientAccessEvent;
import io.vigie.access.client.ClientEvent;
import io.vigie.access.directory.AccountEvent;
import io.vigie.access.directory.DriftEvent;
import io.vigie.access.directory.SignInEvent;
import io.vigie.access.entitlement.AssignmentEvent;
import io.vigie.access.entitlement.BusinessProfileEvent;
import io.vigie.access.entitlement.EntitlementEvent;
import io.vigie.access.entitlement.RightEvent;
import io.vigie.access.notice.NotificationEvent;
import io.vigie.access.person.PersonEvent;
import io.vigie.access.person.ServiceAccountEvent;
import io.vigie.access.review.CampaignEvent;
import io.vigie.access.review.ReviewEvent;
import io.vigie.testkit.EventContracts;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class AccessContractTest {

  @Test
  void everyEventOfAPersonKeepsItsPublishedContract() {
    assertEquals(
        PersonEvent.class.getPermittedSubclasses().length,
        EventContracts.check(PersonEvent.class).size());
  }

  @Test
  void everyEventOfAServiceAccountKeepsItsPublishedContract() {
    assertEquals(
        ServiceAccountEvent.class.getPermittedSubclasses().length,
        EventContracts.check(ServiceAccountEvent.class).size());
  }

  @Test
  void everyEventOfARightKeepsItsPublishedContract() {
    assertEquals(
        RightEvent.class.getPermittedSubclasses().length,
        EventContracts.check(RightEvent.class).size());
  }

  @Test
  void everyEventOfADelegationKeepsItsPublishedContract() {
    assertEquals(
        DelegationEvent.class.getPermittedSubclasses().length,
        EventContracts.check(DelegationEvent.class).size());
  }

  @Test
  void everyEventOfAClientAndOfAnAccessToItsDataKeepsItsPublishedContract() {
    assertEquals(
        ClientEvent.class.getPermittedSubclasses().length,
        EventContracts.check(ClientEvent.class).size());
    assertEquals(
        ClientAccessEvent.class.getPermittedSubclasses().length,
        EventContracts.check(ClientAccessEvent.class).size());
  }

  @Test
  void everyRequestForANoticeKeepsItsPublishedContract() {
    assertEquals(
        NotificationEvent.class.getPermittedSubclasses().length,
        EventContracts.check(NotificationEvent.class).size());
  }

  @Test
  void everyEventOfTheDirectoryKeepsItsPublishedContract() {
    for (var events : List.of(AccountEvent.class, DriftEvent.class, SignInEvent.class)) {
      assertEquals(events.getPermittedSubclasses().length, EventContracts.check(events).size());
    }
  }

  @Test
  void everyEventOfAnEntitlementKeepsItsPublishedContract() {
    assertEquals(
        EntitlementEvent.class.getPermittedSubclasses().length,
        EventContracts.check(EntitlementEvent.class).size());
  }

  @Test
  void everyEventOfABusinessProfileKeepsItsPublishedContract() {
    assertEquals(
        BusinessProfileEvent.class.getPermittedSubclasses().length,
        EventContracts.check(BusinessProfileEvent.class).size());
  }

  @Test
  void everyEventOfAReviewKeepsItsPublishedContract() {
    for (var events : List.of(CampaignEvent.class, ReviewEvent.class)) {
      assertEquals(events.getPermittedSubclasses().length, EventContracts.check(events).size());
    }
  }

  @Test
  void everyEventOfAProfileAssignmentKeepsItsPublishedContract() {
    assertEquals(
        AssignmentEvent.class.getPermittedSubclasses().length,
        EventContracts.check(AssignmentEvent.class).size());
  }
}
