package io.vigie.audit.checkpoint;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;

import jakarta.inject.Inject;
import jakarta.mail.BodyPart;
import jakarta.mail.internet.MimeMultipart;

import io.quarkus.mailer.reactive.ReactiveMailer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vigie.audit.LogDatabase;
import io.vigie.audit.SigningEnvironment;
import io.vigie.audit.note.Note;
import io.vigie.kernel.Sha256;
import io.vigie.testkit.MovableClock;
import io.vigie.testkit.Rest;
import io.vigie.testkit.ServiceEnvironment;
import io.vigie.testkit.SmtpServer;
import io.vigie.testkit.SmtpServer.Received;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What subscribers find in their mailboxes. */
@QuarkusTest
@QuarkusTestResource(ServiceEnvironment.class)
@QuarkusTestResource(SigningEnvironment.class)
@QuarkusTestResource(SmtpServer.class)
class CheckpointMailTest {

  private static final String ANNA = "anna@example.org";
  private static final String BEN = "ben@example.org";

  @Inject DataSource database;
  @Inject Checkpoints checkpoints;
  @Inject LogKeys keys;
  @Inject ReactiveMailer mailer;

  private final MovableClock clock = new MovableClock();

  @BeforeEach
  void noonOfADay() throws SQLException {
    LocalTime now = clock.instant().atOffset(ZoneOffset.UTC).toLocalTime();
    clock.move(Duration.between(now, LocalTime.NOON));
    LogDatabase.execute("delete from checkpoint_mail");
    LogDatabase.logged(1);
    SmtpServer.open();
  }

  @AfterEach
  void nobodyTakesMail() {
    SmtpServer.close();
  }

  private CheckpointMail replica(String... recipients) {
    return new CheckpointMail(
        database,
        checkpoints,
        keys,
        mailer,
        clock,
        Optional.of(List.of(recipients)),
        LocalTime.of(6, 0));
  }

  private static void send(CheckpointMail mail) {
    mail.send().await().atMost(Duration.ofMinutes(3));
  }

  private static List<String> recipients() {
    return SmtpServer.received().stream().map(Received::recipient).toList();
  }

  private static String text(BodyPart part) throws Exception {
    try (InputStream content = part.getInputStream()) {
      return new String(content.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void theMailHoldsTheSignedCheckpointAndTheKeysFingerprintInTwoLanguages() throws Exception {
    send(replica(ANNA));

    Received mail = SmtpServer.received().get(0);
    assertTrue(mail.message().getSubject().contains("Checkpoint of vigie.local/log"));
    MimeMultipart parts = (MimeMultipart) mail.message().getContent();
    String attached = text(parts.getBodyPart(1));
    assertEquals("checkpoint.txt", parts.getBodyPart(1).getFileName());
    assertTrue(Note.parse(attached).isSignedBy(keys.verifiers()));
    assertEquals(Rest.anonymous().get("/log/checkpoint").asString(), attached);

    String body = text(parts.getBodyPart(0)).replace("\r\n", "\n");
    String key = Rest.anonymous().get("/log/vkey").asString().strip();
    assertTrue(body.contains(attached.strip()), body);
    assertTrue(body.contains(Sha256.hex(key)), body);
    assertTrue(body.contains("newest checkpoint of the log"), body);
    assertTrue(body.contains("dernier point de contrôle du journal"), body);
  }

  @Test
  void eachGetsOneMailADayHoweverManyReplicasSend() throws Exception {
    CheckpointMail one = replica(ANNA, BEN);
    CheckpointMail other = replica(ANNA, BEN);
    send(one);
    send(other);
    send(one);
    assertEquals(List.of(ANNA, BEN), recipients());

    clock.move(Duration.ofHours(17)); // five in the morning: too early
    send(other);
    assertEquals(2, recipients().size());
    clock.move(Duration.ofHours(2));
    send(other);
    send(one);
    assertEquals(List.of(ANNA, BEN, ANNA, BEN), recipients());
  }

  @Test
  void aMailThatIsSentAgainAfterACrashBearsTheSameIdAndNoOtherMailDoes() throws Exception {
    CheckpointMail mail = replica(ANNA, BEN);
    send(mail);
    LogDatabase.execute("delete from checkpoint_mail"); // the crash: sent, and not noted
    LogDatabase.logged(1);
    send(mail);
    clock.move(Duration.ofDays(1));
    send(mail);

    List<String> ids = new ArrayList<>();
    for (Received received : SmtpServer.received()) {
      ids.add(received.message().getMessageID());
    }
    assertEquals(6, ids.size());
    assertEquals(ids.subList(0, 2), ids.subList(2, 4));
    assertEquals(4, Set.copyOf(ids).size());
  }

  @Test
  void whileTheMailServerIsAwayNothingIsLost() throws Exception {
    SmtpServer.close();
    CheckpointMail mail = replica(ANNA);
    send(mail);
    send(mail);
    SmtpServer.open();
    assertEquals(List.of(), recipients());
    send(mail);
    assertEquals(List.of(ANNA), recipients());
  }

  @Test
  void anAddressThatIsRefusedKeepsNobodyElseWaitingNorMakesThemGetItTwice() throws Exception {
    CheckpointMail mail = replica("nobody@example.org", ANNA);
    send(mail);
    send(mail);
    assertEquals(List.of(ANNA), recipients());
  }

  @Test
  void withoutSubscribersNothingIsSent() throws Exception {
    send(replica());
    assertEquals(List.of(), recipients());
  }
}
