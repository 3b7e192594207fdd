package io.vigie.access;

import java.util.Map;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vigie.access.client.Clients;
import io.vigie.testkit.ApiDescription;
import io.vigie.testkit.HostileRequests;
import io.vigie.testkit.RoleMatrix;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.SortedLists;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertTrue;

@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
class RolesTest {

  @Test
  void everyOperationIsOpenToItsDeclaredRolesAlone() {
    assertTrue(RoleMatrix.check("access-service") > 0);
  }

  @Test
  void theApiDescriptionSaysAllThatACallerNeeds() {
    assertTrue(ApiDescription.check() > 5);
  }

  @Test
  void sqlAndTooMuchInAnyParameterOfAnyListFindsNothingAndBreaksNothing() {
    // Other texts that ask for something of an object are looked at before it is
    String permission = "/v1/clients/" + Clients.register() + "/permission";

    assertTrue(
        HostileRequests.inParameters(Map.of("/v1/clients/{id}/permission", permission)) > 50);
  }

  @Test
  void aNameOfAFileElsewhereInAnyPathLeadsNowhere() {
    assertTrue(HostileRequests.inPaths() > 50);
  }

  @Test
  void aBodyThatIsNoneBreaksNothingAndNothingOfItIsLogged() {
    assertTrue(HostileRequests.inBodies() > 10);
  }

  @Test
  void eachListIsSortedByEachFieldThatItNamesFromEitherEnd() {
    assertTrue(SortedLists.check() > 30);
  }
}
