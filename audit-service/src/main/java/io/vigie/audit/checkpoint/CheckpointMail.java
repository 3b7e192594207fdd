package io.vigie.audit.checkpoint;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.mailer.Mail;
import io.quarkus.mailer.reactive.ReactiveMailer;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.quarkus.vertx.VertxContextSupport;
import io.smallrye.mutiny.Uni;
import io.vigie.audit.checkpoint.Checkpoints.Newest;
import io.vigie.kernel.Sha256;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Sends the newest checkpoint to those named in {@code vigie.log.checkpoint-mail.to}, each day from
 * {@code vigie.log.checkpoint-mail.at} (UTC) on: what lies in a mailbox elsewhere, nobody who has
 * this machine can take back.
 *
 * <p>One replica at a time sends, and notes for each recipient that it did, so that each gets one
 * mail a day. After a crash in between it goes out again under the same {@code Message-ID} (RFC
 * 5322, 3.6.4), by which mailboxes know a repetition. Whoever could not be reached is tried again
 * each minute until the day ends, and then gets the next day's, which covers the same and more.
 */
@ApplicationScoped
class CheckpointMail {

  private static final Logger LOG = Logger.getLogger(CheckpointMail.class);
  private static final long LOCK = 0x5647_4d41_494cL; // "VGMAIL"

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final String TEXT =
      """
      This is the newest checkpoint of the log %1$s: its first %2$d entries, signed. Keep this mail,
      or the file attached. If the log is ever changed, it no longer matches this:

        java -jar vigie-verifier.jar log https://.../log --vkey KEY --checkpoint checkpoint.txt

      Compare the key with the one that you got from a person. SHA-256 of the log's verifier key:

      %3$s
      Voici le dernier point de contrôle du journal %1$s : ses %2$d premières entrées, signées.
      Conservez ce message ou le fichier joint. Si le journal est un jour modifié, il ne lui
      correspondra plus : vérifiez-le par la commande ci-dessus. Comparez la clé avec celle qu'une
      personne vous a remise : l'empreinte SHA-256 de la clé de vérification du journal est ci-dessus.

      %4$s""";

  private final DataSource database;
  private final Checkpoints checkpoints;
  private final LogKeys keys;
  private final ReactiveMailer mailer;
  private final Clock clock;
  private final List<String> recipients;
  private final LocalTime at;

  CheckpointMail(
      DataSource database,
      Checkpoints checkpoints,
      LogKeys keys,
      ReactiveMailer mailer,
      Clock clock,
      @ConfigProperty(name = "vigie.log.checkpoint-mail.to") Optional<List<String>> recipients,
      @ConfigProperty(name = "vigie.log.checkpoint-mail.at") LocalTime at) {
    this.database = database;
    this.checkpoints = checkpoints;
    this.keys = keys;
    this.mailer = mailer;
    this.clock = clock;
    this.recipients = recipients.orElse(List.of());
    this.at = at;
  }

  /** Sends today's mail to whoever has not had it, once it is time. */
  @Scheduled(every = "1m", concurrentExecution = ConcurrentExecution.SKIP)
  Uni<Void> send() {
    OffsetDateTime now = clock.instant().atOffset(ZoneOffset.UTC);
    return recipients.isEmpty() || now.toLocalTime().isBefore(at)
        ? Uni.createFrom().voidItem()
        : checkpoints
            .newest()
            .chain(newest -> VertxContextSupport.executeBlocking(() -> send(newest, now)));
  }

  private Void send(Optional<Newest> newest, OffsetDateTime now) throws SQLException {
    if (newest.isPresent()) {
      for (String recipient : recipients) {
        try {
          send(newest.get(), recipient, now);
        } catch (RuntimeException e) {
          // Mail servers repeat the address that they refuse.
          LOG.warnf(
              "the checkpoint is mailed to subscriber %d of %d later: %s",
              recipients.indexOf(recipient) + 1,
              recipients.size(),
              e.toString().replace(recipient, "(address)"));
        }
      }
    }
    return null;
  }

  private void send(Newest newest, String recipient, OffsetDateTime now) throws SQLException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try {
        if (isTurn(connection, recipient, now)) {
          deliver(mail(newest, recipient, now));
          keep(connection, newest, recipient, now);
        }
        connection.commit();
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    }
  }

  /**
   * On an event loop: elsewhere the client can miss the server's greeting, and waits for ever.
   *
   * @throws IllegalStateException when the server did not take it
   */
  private void deliver(Mail mail) {
    try {
      VertxContextSupport.subscribeAndAwait(
          () -> mailer.send(mail).ifNoItem().after(PATIENCE).fail());
    } catch (Throwable e) {
      throw new IllegalStateException(e.toString(), e);
    }
  }

  /** Whether no other replica is sending, and, asked after that, none has sent. */
  private static boolean isTurn(Connection connection, String recipient, OffsetDateTime now)
      throws SQLException {
    try (PreparedStatement lock =
            connection.prepareStatement("select pg_try_advisory_xact_lock(?)");
        PreparedStatement unsent =
            connection.prepareStatement(
                "select not exists (select from checkpoint_mail where day = ?::date and recipient = ?)")) {
      lock.setLong(1, LOCK);
      unsent.setString(1, now.toLocalDate().toString());
      unsent.setString(2, recipient);
      return isTrue(lock) && isTrue(unsent);
    }
  }

  private static boolean isTrue(PreparedStatement select) throws SQLException {
    try (ResultSet row = select.executeQuery()) {
      row.next();
      return row.getBoolean(1);
    }
  }

  private Mail mail(Newest newest, String recipient, OffsetDateTime now) {
    String fingerprints =
        keys.verifiers().stream()
            .map(key -> "  " + Sha256.hex(key.toString()) + "  " + key.name() + "+" + key.hexId())
            .collect(Collectors.joining("\n", "", "\n"));
    return Mail.withText(
            recipient,
            "Checkpoint of %s: %d entries".formatted(keys.origin(), newest.size()),
            TEXT.formatted(keys.origin(), newest.size(), fingerprints, newest.note()))
        .addHeader("Message-ID", messageId(now, recipient))
        .addAttachment(
            "checkpoint.txt",
            newest.note().getBytes(StandardCharsets.UTF_8),
            "text/plain; charset=utf-8");
  }

  private String messageId(OffsetDateTime now, String recipient) {
    String host = keys.origin().replaceFirst("/.*", "");
    String mail = Sha256.hex(keys.origin() + "\n" + now.toLocalDate() + "\n" + recipient);
    return "<checkpoint." + mail + "@" + host + ">";
  }

  private static void keep(
      Connection connection, Newest newest, String recipient, OffsetDateTime now)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "insert into checkpoint_mail (day, recipient, size, sent_at) values (?::date, ?, ?, ?)")) {
      insert.setString(1, now.toLocalDate().toString());
      insert.setString(2, recipient);
      insert.setLong(3, newest.size());
      insert.setObject(4, now);
      insert.executeUpdate();
    }
  }
}
