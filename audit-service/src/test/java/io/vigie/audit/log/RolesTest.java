package io.vigie.audit.log;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
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
  void everyOperationAdmitsTheDeclaredRolesAndNobodyElse() {
    assertTrue(RoleMatrix.check("audit-service") > 100);
  }

  @Test
  void theApiDescriptionSaysAllThatACallerNeeds() {
    assertTrue(ApiDescription.check() > 5);
  }

  @Test
  void sqlAndTooMuchInAnyParameterOfAnyListFindsNothingAndBreaksNothing() {
    assertTrue(HostileRequests.inParameters() > 50);
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
