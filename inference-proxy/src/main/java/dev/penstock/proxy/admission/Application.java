package dev.penstock.proxy.admission;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.failure.FailureException;
import dev.penstock.contracts.generation.QueuePlace;
import dev.penstock.proxy.generation.ModelTraits;
import dev.penstock.proxy.generation.Setback;
import dev.penstock.proxy.generation.SetbackException;
import io.vertx.core.AsyncResult;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One piece of work's dealings with the {@link AdmissionDesk}, from the event loop that relays it.
 *
 * <p>Has two sides. The public methods belong to the caller's event loop, and after {@link #leave}
 * the recipient hears nothing more. The rest belongs to the admission's context. What crosses is
 * handed over in order, so that a slot lent to somebody who has just left comes back when word of
 * that arrives.
 */
public final class Application implements Applicant {
  private final AdmissionDesk desk;
  private final Work work;
  private final Executor home;
  private final Recipient recipient;

  // The caller's side.
  private boolean withdrawn;

  // The admission's side.
  private @Nullable Ticket ticket;
  private @Nullable Placement placement;
  private boolean left;
  private int loans;

  Application(AdmissionDesk desk, Work work, Executor home, Recipient recipient) {
    this.desk = desk;
    this.work = work;
    this.home = home;
    this.recipient = recipient;
  }

  /** Ends the application, wherever it stands; a slot it holds is free again. */
  public void leave(Verdict verdict) {
    withdrawn = true;
    desk.control().execute(() -> left(verdict));
  }

  /** Gives the slot back because of a setback before the first delta, and applies again. */
  public void again(Setback setback) {
    desk.control().execute(() -> returned(setback));
  }

  /** The upstream has begun to answer; only needed for a {@link Grant#onTrial}. */
  public void answered() {
    desk.control()
        .execute(
            () -> {
              if (ticket != null) {
                desk.admission().answered(ticket);
              }
            });
  }

  void located(AsyncResult<Placement> located, long deadline) {
    if (left) {
      return;
    }
    if (located.failed()) {
      refused(
          located.cause() instanceof FailureException known
              ? known.failure()
              : Setback.unreachable().failure());
      return;
    }
    placement = located.result();
    ticket =
        new Ticket(
            new Demand(
                placement.model(),
                placement.upstreams(),
                work.priority(),
                work.tenant(),
                work.conversation(),
                deadline),
            this);
    ticket.promptChars = work.promptChars();
    desk.admission().enter(ticket);
  }

  @Override
  public void placed(QueuePlace place) {
    tell(() -> recipient.placed(place));
  }

  @Override
  public void lent(String upstream) {
    var loan = ++loans;
    var since = desk.now();
    desk.preparation()
        .prepare(upstream, nameAt(upstream), place -> progress(loan, place))
        .onComplete(ready -> prepared(loan, upstream, since, ready));
  }

  @Override
  public void refused(Failure failure) {
    loans++;
    tell(() -> recipient.refused(failure));
  }

  private void progress(int loan, QueuePlace place) {
    if (loan == loans) {
      placed(place);
    }
  }

  private void prepared(int loan, String upstream, long since, AsyncResult<ModelTraits> ready) {
    if (loan != loans || ticket == null) {
      return;
    }
    if (ready.failed()) {
      returned(SetbackException.of(ready.cause()));
      return;
    }
    var traits = placed().traits(ready.result());
    var unmet = work.unmet().apply(traits);
    if (unmet.isPresent()) {
      desk.admission().leave(ticket, Verdict.NONE);
      refused(unmet.get());
      return;
    }
    desk.admission().begun(ticket);
    var onTrial = desk.admission().upstream(upstream).health().down();
    var grant =
        new Grant(upstream, nameAt(upstream), traits, desk.now() - since, onTrial, ticket.affinity);
    tell(() -> recipient.granted(grant));
  }

  private void returned(Setback setback) {
    if (ticket != null && !left) {
      loans++;
      if (setback.failure().code() == FailureCode.MODEL_NOT_FOUND && ticket.lender != null) {
        desk.directory().gone(ticket.lender.name(), nameAt(ticket.lender.name()));
      }
      desk.admission().again(ticket, setback);
    }
  }

  private void left(Verdict verdict) {
    left = true;
    loans++;
    if (ticket == null) {
      return;
    }
    if (verdict == Verdict.SERVED && ticket.lender != null) {
      desk.preparation().answered(ticket.lender.name(), nameAt(ticket.lender.name()));
    }
    desk.admission().leave(ticket, verdict);
  }

  private String nameAt(String upstream) {
    return placed().nameAt(upstream);
  }

  private Placement placed() {
    if (placement == null) {
      throw new IllegalStateException("nothing is lent before the model is placed");
    }
    return placement;
  }

  private void tell(Runnable news) {
    home.execute(
        () -> {
          if (!withdrawn) {
            news.run();
          }
        });
  }
}
