package io.vigie.incident.notice;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.inbox.EventListener;
import io.vigie.kernel.inbox.Inbox;
import io.vigie.kernel.inbox.ReceivedEvent;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/**
 * Takes what services ask to be told by mail; of several requests with one key the first. One that
 * no template here fits is parked.
 */
@ApplicationScoped
class NoticeRequests implements EventListener {

  private final Instance<Inbox> inbox;

  NoticeRequests(Instance<Inbox> inbox) {
    this.inbox = inbox;
  }

  @Override
  public String name() {
    return "notice-requests";
  }

  @Incoming("access-events")
  Uni<Void> receive(ConsumerRecord<String, byte[]> record) {
    return inbox.get().once(this, record);
  }

  @Override
  public boolean knows(String type) {
    return type.equals("notification.requested.v1");
  }

  @Override
  public Uni<Void> on(ReceivedEvent event) {
    return Notices.keep(event.data(NoticeRequest.class));
  }
}
