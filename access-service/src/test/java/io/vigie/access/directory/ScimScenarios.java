package io.vigie.access.directory;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.ext.web.client.WebClient;
import io.vigie.access.directory.scim.ScimDirectory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What the connector does, whatever it is that speaks the protocol. */
abstract class ScimScenarios {

  /** A service provider: the address under which {@code /Users} stands, and a token for it. */
  record Provider(String url, String token) {}

  private final Vertx vertx = Vertx.vertx();
  private Provider provider;
  private Directory directory;

  /** One that has these Groups, each with its externalId by its name, and no Users. */
  abstract Provider provider(Map<String, String> groups) throws Exception;

  @BeforeEach
  void aServiceProvider() throws Exception {
    provider =
        provider(
            Map.of(
                "Staff", "vigie.owned:role:staff",
                "Responders", "vigie.owned:role:responder",
                "On call", "vigie.owned:group:on-call",
                "Payroll", "hr:payroll"));
    directory = connected(provider.token());
  }

  @AfterEach
  void theClientGoesHome() {
    vertx.closeAndAwait();
  }

  Directory directory() {
    return directory;
  }

  private Directory connected(String token) {
    return new ScimDirectory(
        WebClient.create(vertx), settings(provider.url(), token), new DirectoryRules());
  }

  private static DirectorySettings settings(String url, String token) {
    return (DirectorySettings)
        Proxy.newProxyInstance(
            DirectorySettings.class.getClassLoader(),
            new Class<?>[] {DirectorySettings.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "scimUrl" -> Optional.of(url);
                  case "secret" -> Optional.of(token);
                  case "timeLimit" -> Duration.ofMinutes(1);
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  static <T> T await(Uni<T> uni) {
    return uni.await().atMost(Duration.ofMinutes(2));
  }

  String create(String username) {
    return await(
        directory.create(
            new NewAccount(
                username,
                username + "@example.org",
                "Ada",
                "Lovelace",
                Set.of("UPDATE_PASSWORD"))));
  }

  static AccountChange change(
      Boolean enabled, Set<String> give, Set<String> take, Set<String> groups) {
    return new AccountChange(
        enabled, null, give, take, groups, Set.of(), Set.of(), !take.isEmpty());
  }

  @Test
  void anAccountIsMadeFoundChangedAndClosed() {
    String subject = create("ada.lovelace");
    assertEquals(
        new Account(
            subject,
            "ada.lovelace",
            "ada.lovelace@example.org",
            true,
            Set.of(),
            Set.of(),
            Set.of()),
        await(directory.account(subject)));
    assertEquals(subject, await(directory.named("ADA.lovelace")).subject());

    await(
        directory.change(
            subject, change(null, Set.of("staff", "responder"), Set.of(), Set.of("on-call"))));
    Account given = await(directory.account(subject));
    assertEquals(Set.of("staff", "responder"), given.roles());
    assertEquals(Set.of("on-call"), given.groups());

    await(
        directory.change(
            subject,
            new AccountChange(
                false,
                new AccountChange.Holder("Ada", "King", "ada.king@example.org"),
                Set.of(),
                Set.of("responder"),
                Set.of(),
                Set.of("on-call"),
                Set.of(),
                true)));
    Account closed = await(directory.account(subject));
    assertEquals(Set.of("staff"), closed.roles());
    assertEquals(Set.of(), closed.groups());
    assertEquals("ada.king@example.org", closed.email());
    assertFalse(closed.enabled());
  }

  @Test
  void whatIsDoneTwiceIsDoneOnce() {
    String subject = create("grace.hopper");
    AccountChange both = change(true, Set.of("staff"), Set.of("responder"), Set.of());

    await(directory.change(subject, both));
    Account once = await(directory.account(subject));
    await(directory.change(subject, both));

    assertEquals(once, await(directory.account(subject)));
    assertEquals(Set.of("staff"), once.roles());
  }

  @Test
  void aGroupThatIsNotVigiesIsNeitherShownNorGiven() {
    String subject = create("alan.turing");

    DirectoryFailure failure =
        assertThrows(
            DirectoryFailure.class,
            () ->
                await(
                    directory.change(
                        subject, change(null, Set.of("payroll"), Set.of(), Set.of()))));

    assertTrue(failure.getMessage().contains("vigie.owned:role:payroll"), failure.getMessage());
    assertEquals(Set.of(), await(directory.account(subject)).roles());
  }

  @Test
  void whatIsNotThereToBeGivenHoldsUpNothingElse() {
    String subject = create("edsger.dijkstra");

    DirectoryFailure failure =
        assertThrows(
            DirectoryFailure.class,
            () ->
                await(
                    directory.change(
                        subject,
                        change(
                            null,
                            Set.of("payroll", "staff"),
                            Set.of(),
                            Set.of("nowhere", "on-call")))));

    assertEquals(Set.of("payroll"), failure.missingRoles());
    assertEquals(Set.of("nowhere"), failure.missingGroups());
    assertEquals(Set.of("staff"), await(directory.account(subject)).roles());
    assertEquals(Set.of("on-call"), await(directory.account(subject)).groups());
  }

  @Test
  void theAccountOfAProgramIsClosedUnlessItIsUntouchable() {
    String program = create("nightly-export");
    String untouchable = create("break-glass");

    assertTrue(await(directory.closeProgram(program)));
    assertFalse(await(directory.account(program)).enabled());
    assertFalse(await(directory.closeProgram(UUID.randomUUID().toString())));
    DirectoryFailure failure =
        assertThrows(DirectoryFailure.class, () -> await(directory.closeProgram(untouchable)));
    assertTrue(failure.getMessage().contains("Close it by hand"), failure.getMessage());
    assertTrue(await(directory.account(untouchable)).enabled());
  }

  @Test
  void theAccountOfSomebodyIsDeletedOnceAndIsGone() {
    String subject = create("ada.byron");
    String other = create("ada.king");

    assertTrue(await(directory.delete(subject)));
    assertFalse(await(directory.delete(subject)));

    assertNull(await(directory.account(subject)));
    assertTrue(await(directory.account(other)).enabled());
  }

  @Test
  void allAccountsComePageByPageButTheUntouchable() {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      made.add(create("user" + i));
    }
    create("break-glass");

    List<String> seen = new ArrayList<>();
    String from = null;
    do {
      Directory.Page page = await(directory.accounts(from, 3));
      page.accounts().forEach(account -> seen.add(account.subject()));
      from = page.next();
    } while (from != null);

    assertEquals(made, seen);
  }

  @Test
  void theUntouchableIsNotChangedAndWhatIsNotThereIsNotFound() {
    String subject = create("break-glass");

    assertThrows(
        DirectoryFailure.class,
        () -> await(directory.change(subject, change(false, Set.of(), Set.of(), Set.of()))));
    assertTrue(await(directory.account(subject)).enabled());
    assertNull(await(directory.account(UUID.randomUUID().toString())));
    assertNull(await(directory.named("quo\"te")));
  }

  @Test
  void aNameIsGivenOnce() {
    create("ada.lovelace");

    DirectoryFailure failure = assertThrows(DirectoryFailure.class, () -> create("ada.lovelace"));

    assertTrue(failure.getMessage().contains("409"), failure.getMessage());
    assertFalse(failure.isAway());
  }

  @Test
  void aDirectoryThatDoesNotKnowUsIsToldFromOneThatRefuses() {
    assertEquals(List.of(), await(directory.lacks()));

    assertTrue(
        assertThrows(DirectoryFailure.class, () -> await(connected("guess").accounts(null, 1)))
            .isAway());
  }
}
